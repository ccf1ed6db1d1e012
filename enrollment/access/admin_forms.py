"""Forms of a staff account: which roles go together."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.models import User
from enrollment.access.roles import conflicting_role, role_label
from enrollment.bureau.selectors import current_bureau
from enrollment.divisions.models import Division
from enrollment.divisions.selectors import code_prefix

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[User]
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Group]
    _UserCreationForm = UserCreationForm[User]
else:
    _ModelForm = forms.ModelForm
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField
    _UserCreationForm = UserCreationForm


class RolesField(_ModelMultipleChoiceField):
    """Roles as boxes with their names in words; refuses roles that must be held alone."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """The role in words."""
        return role_label(obj.name)

    def clean(self, value: Any) -> Any:
        """The chosen groups, which may be held by one person."""
        groups = super().clean(value)
        alone = conflicting_role([group.name for group in groups])
        if alone is not None:
            raise ValidationError(
                _("“%(role)s” is held alone: take the other roles away, or this one."),
                code="held_alone",
                params={"role": role_label(alone)},
            )
        return groups


def township_choices() -> list[tuple[str, str]]:
    """The townships of the bureau's county, by code."""
    county = current_bureau().division
    if county is None:
        return []
    rows = Division.objects.filter(
        code__startswith=code_prefix(county), level=Division.Level.TOWNSHIP
    )
    return list(rows.order_by("code").values_list("code", "name"))


class TownshipsField(forms.MultipleChoiceField):
    """The townships whose residents an account works for."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        """Offer those of the county."""
        super().__init__(
            choices=township_choices,
            required=False,
            label=gettext_lazy("Townships"),
            help_text=gettext_lazy(
                "None ticked: the whole county. With some, everything about residents of "
                "other townships is hidden."
            ),
            **kwargs,
        )


class StaffCreationForm(_UserCreationForm):
    """A new member of staff; the password is set here and changed by them."""

    class Meta:
        model = User
        fields = ("username", "full_name", "groups", "divisions")


class StaffForm(_ModelForm):
    """An account; the password has a page of its own."""

    class Meta:
        model = User
        fields = (
            "username",
            "full_name",
            "certificate_no",
            "is_active",
            "is_superuser",
            "groups",
            "divisions",
        )
        help_texts = {
            "is_active": gettext_lazy(
                "Untick it when somebody leaves: the account can no longer log in, and the name "
                "stays on what was done."
            )
        }
