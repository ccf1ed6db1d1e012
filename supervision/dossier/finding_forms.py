"""The forms that make a case or a recovery of findings."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.desk.actions import ReasonForm
from enrollment.values.money import format_yuan
from supervision.inspections.admin_forms import OfficerField
from supervision.inspections.models import Finding

if TYPE_CHECKING:
    _MultipleChoiceField = forms.ModelMultipleChoiceField[Finding]
else:
    _MultipleChoiceField = forms.ModelMultipleChoiceField


class FindingsField(_MultipleChoiceField):
    """Further findings that go the same way."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Finding) -> str:
        """Item, words, days and loss."""
        return (
            f"{obj.article_code} {obj.description}, {obj.act_from} – {obj.act_to}, "
            f"{format_yuan(obj.loss)}"
        )


class OpenCaseForm(forms.Form):
    """Who handles the case."""

    officer = OfficerField(label=_("First officer"))
    second_officer = OfficerField(label=_("Second officer"))
    further = FindingsField(
        Finding.objects.none(),
        label=_("Further findings in the same case"),
        required=False,
        help_text=_("Open findings of this institution under the same item of law."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, further: QuerySet[Finding], **kwargs: Any) -> None:
        """`further` are the findings that may be added."""
        super().__init__(*args, **kwargs)
        _offer(self, further)

    def clean(self) -> dict[str, Any]:
        """Two different people."""
        data = super().clean() or {}
        if data.get("officer") and data.get("officer") == data.get("second_officer"):
            self.add_error("second_officer", gettext("The two officers must be different people."))
        return data


class RecoverForm(ReasonForm):
    """The reason, and further findings recovered with it."""

    further = FindingsField(
        Finding.objects.none(),
        label=_("Further findings recovered with it"),
        required=False,
        help_text=_("Open findings of this institution."),
    )

    def __init__(self, *args: Any, further: QuerySet[Finding], **kwargs: Any) -> None:
        """`further` are the findings that may be added."""
        super().__init__(*args, **kwargs)
        _offer(self, further)


def _offer(form: forms.Form, further: QuerySet[Finding]) -> None:
    """Offer further findings; no field when there are none."""
    field = form.fields["further"]
    if not isinstance(field, FindingsField):
        raise TypeError("the field of further findings was replaced")
    if further.exists():
        field.queryset = further
    else:
        form.fields["further"].widget = forms.MultipleHiddenInput()
