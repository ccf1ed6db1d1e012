"""Forms of the acts on a resident's record."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.desk.widgets import ComboboxField, DayField
from enrollment.divisions.models import Division
from enrollment.residents.models import IdentityKind
from enrollment.residents.services import account_warning


class AccountForm(forms.Form):
    """The right account; a number that looks wrong must be confirmed."""

    account_no = forms.CharField(
        label=_("Bank account"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "data-focus": ""}
        ),
        help_text=_("8 to 32 digits; spaces do not matter."),
    )
    account_name = forms.CharField(label=_("Account holder"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a confirmation where the check digit does not fit."""
        super().__init__(*args, **kwargs)
        warning = account_warning(str(self.data.get("account_no", "")))
        if warning:
            self.fields["compared"] = forms.BooleanField(
                label=_("I have compared the number with the card or passbook"),
                error_messages={"required": warning},
            )


class GrantForm(forms.Form):
    """Which identity, when, and by which paper."""

    kind = forms.ChoiceField(label=_("Identity"))
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("To, inclusive"),
        required=False,
        ahead=True,
        help_text=_("Empty while no end is set."),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("The list or decision that the identity rests on, with its number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The kinds in the reader's language."""
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose…")), *IdentityKind.choices]


class EndForm(forms.Form):
    """The last day, and the paper."""

    ends_on = DayField(label=_("Last day of the identity"))
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("The list or decision that ends it, with its number."),
    )


class HomeField(ComboboxField):
    """A township, or a village with its township; a village's name alone, if only one has it."""

    def to_python(self, value: Any) -> Any:
        """The division that the text names."""
        text = " ".join(str(value or "").replace("\0", " ").split())
        named = list(self._records().filter(name=text)[:2]) if text else []
        return named[0] if len(named) == 1 else super().to_python(value)


class MoveForm(forms.Form):
    """Where the resident belongs from now on, and why."""

    division = HomeField(
        Division.objects.none(),
        name="place",
        label=_("New township or village"),
        help_text=_("Type part of the code or name and choose a line."),
    )
    note = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "With the paper that shows it, such as the household register. It stays in the history."
        ),
    )

    def __init__(self, *args: Any, homes: QuerySet[Division], **kwargs: Any) -> None:
        """Offer the divisions that the user works for."""
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        if isinstance(field, HomeField):
            field.queryset = homes


class UnmaskForm(forms.Form):
    """Why somebody must see full numbers."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        help_text=_("It stays in a log that cannot be changed, with your name and the time."),
    )
