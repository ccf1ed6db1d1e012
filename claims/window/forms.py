"""The claim form of the window."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from claims.intake.drafts import ClaimDraft
from claims.intake.models import Claim, ExcludedCause
from claims.intake.rules import Stop
from claims.papers.models import PaperKind
from enrollment.desk.widgets import ComboboxField, DayField, YuanField
from enrollment.models import Institution
from enrollment.values.money import ZERO

# A digit in front lets one key choose the line, whatever the input method.
_KINDS = [
    (Claim.Kind.INPATIENT.value, _("1 inpatient")),
    (Claim.Kind.SPECIAL_OUTPATIENT.value, _("2 special outpatient")),
    (Claim.Kind.GENERAL_OUTPATIENT.value, _("3 general outpatient")),
]
_FILINGS = [
    (Claim.Filing.NONE.value, _("Choose…")),
    (Claim.Filing.FILED.value, _("1 filed")),
    (Claim.Filing.REFERRED.value, _("2 referred")),
    (Claim.Filing.UNFILED.value, _("3 not filed")),
]
_CAUSES = [
    (cause.value, format_lazy("{} {}", nth, cause.label)) for nth, cause in enumerate(ExcludedCause)
]
LARGEST = Decimal("99999999.99")


class InstitutionField(ComboboxField):
    """An institution by code, name, or any part of either that only one has."""

    default_error_messages = {
        "several": _("%(count)s institutions fit “%(value)s”. Type more, or choose a line."),
    }

    def to_python(self, value: Any) -> Any:
        """The institution; ValidationError when none or several fit."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            part = " ".join(str(value).replace("\0", " ").split())
            if getattr(error, "code", "") != "invalid_choice" or len(part) < 2:
                raise
            by_name = self._records().filter(name__contains=part)
            fitting = list((by_name | self._records().filter(code__endswith=part.upper()))[:21])
            if len(fitting) == 1:
                return fitting[0]
            if not fitting:
                raise
            raise ValidationError(
                self.error_messages["several"],
                code="several",
                params={"value": part, "count": len(fitting) if len(fitting) < 21 else "20+"},
            ) from error


class ClaimForm(forms.Form):
    """The facts of one paper claim, in the order of the papers."""

    institution = InstitutionField(
        Institution.objects.all(), label=_("Institution"), placeholder=_("Code, name or a part")
    )
    kind = forms.ChoiceField(label=_("Kind of care"), choices=_KINDS)
    admitted_on = DayField(label=_("Admitted"), required=False)
    discharged_on = DayField(label=_("Discharged or visited"))
    filing = forms.ChoiceField(
        label=_("Filing outside the county"), choices=_FILINGS, required=False
    )
    diagnosis = forms.CharField(label=_("Diagnosis"), max_length=100)
    invoice_no = forms.CharField(label=_("Invoice number"), max_length=40)
    total = YuanField(label=_("Total cost"), max_value=LARGEST)
    excluded = YuanField(
        label=_("Wholly self-paid"), min_value=ZERO, max_value=LARGEST, required=False
    )
    over_limit = YuanField(
        label=_("Above price limits"), min_value=ZERO, max_value=LARGEST, required=False
    )
    first_self_pay = YuanField(
        label=_("First self-payment"), min_value=ZERO, max_value=LARGEST, required=False
    )

    excluded_cause = forms.ChoiceField(
        label=_("Not for the fund to pay"), choices=_CAUSES, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Short inputs; no browser memory of other people's papers."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_invoice_no(self) -> str:
        """Without spaces and in capitals, so that one invoice has one spelling."""
        text: str = self.cleaned_data["invoice_no"]
        return "".join(text.split()).upper()

    def clean(self) -> dict[str, Any]:
        """What the kind and the place do not ask for is left out."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") != Claim.Kind.INPATIENT:
            data["admitted_on"] = None
        institution = data.get("institution")
        if institution is not None and institution.in_county:
            data["filing"] = Claim.Filing.NONE.value
        return data

    def draft(self, *, without_total: bool = False) -> ClaimDraft | None:
        """The draft as far as it can be calculated; None while an essential fact is missing.

        `without_total` is for the rules, which can tell of coverage and earlier claims before
        any amount is typed: the total is 0 then.
        """
        data = getattr(self, "cleaned_data", {})
        essential = ("institution", "kind", "discharged_on")
        if any(not data.get(name) for name in essential):
            return None
        if not data.get("total") and not without_total:
            return None
        amounts = {
            name: data.get(name) or ZERO for name in ("excluded", "over_limit", "first_self_pay")
        }
        return ClaimDraft(
            institution=data["institution"],
            kind=data["kind"],
            discharged_on=data["discharged_on"],
            total=data.get("total") or ZERO,
            admitted_on=data.get("admitted_on"),
            filing=data.get("filing") or Claim.Filing.NONE.value,
            diagnosis=data.get("diagnosis", ""),
            invoice_no=data.get("invoice_no", ""),
            excluded_cause=data.get("excluded_cause") or ExcludedCause.NONE.value,
            **amounts,
        )

    def in_policy(self) -> Decimal | None:
        """In-policy cost from the amounts typed so far, in yuan; None without a total."""
        data = getattr(self, "cleaned_data", {})
        if data.get("total") is None:
            return None
        rest = ("excluded", "over_limit", "first_self_pay")
        total: Decimal = data["total"]
        return total - sum((data.get(name) or ZERO for name in rest), ZERO)

    def add_stops(self, stops: list[Stop], sentences: list[str]) -> None:
        """Show what the rules found at its field, or above the form."""
        for stop, sentence in zip(stops, sentences, strict=True):
            self.add_error(stop.field if stop.field in self.fields else None, sentence)


class HandedInForm(forms.Form):
    """Which of the needed papers lie on the desk, beside the facts that they say."""

    papers = forms.MultipleChoiceField(
        label=_("Papers handed in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to_supply = forms.BooleanField(
        label=_("the others are to be supplied: print the notice"), required=False
    )

    def __init__(self, *args: Any, needed: Sequence[PaperKind], **kwargs: Any) -> None:
        """Offer what this resident is asked for."""
        super().__init__(*args, **kwargs)
        field = self.fields["papers"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(kind.value, kind.label) for kind in needed]


def form_of(claim: Claim, typed: Mapping[str, Any] | None = None, **kwargs: Any) -> ClaimForm:
    """The form with the facts of a claim, to correct it; `typed` is what a draft has instead."""
    initial = {name: getattr(claim, name) for name in ClaimForm.base_fields}
    return ClaimForm(initial={**initial, **(typed or {})}, **kwargs)
