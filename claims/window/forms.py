"""The claim form of the window."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from claims.benefit.scheme import Scheme
from claims.benefit.types import (
    DETAIL_FIELDS,
    DETAILS,
    GENERAL_OUTPATIENT,
    MATERNITY,
    PRIOR_LAYERS,
    TWO_DISEASES,
)
from claims.intake.drafts import ClaimDraft
from claims.intake.messages import say
from claims.intake.models import Claim, ExcludedCause
from claims.intake.rules import STAYS, Stop
from claims.papers.checklist import hints_of
from claims.papers.models import PaperKind
from enrollment.desk.widgets import ComboboxField, DayField, YuanField
from enrollment.models import Institution
from enrollment.values.initials import has_initials
from enrollment.values.money import ZERO, AmountError, parse_amount
from enrollment.values.written import invoice_number

# A digit in front lets one key choose the line, whatever the input method.
_KINDS = [
    (Claim.Kind.INPATIENT.value, _("1 inpatient")),
    (Claim.Kind.SPECIAL_OUTPATIENT.value, _("2 special outpatient")),
    (Claim.Kind.GENERAL_OUTPATIENT.value, _("3 general outpatient")),
    (Claim.Kind.TWO_DISEASES.value, _("4 medicines for two diseases")),
    (Claim.Kind.MATERNITY.value, _("5 birth in hospital")),
]
# Kind of care, word, line; the page offers those of the chosen kind.
_DETAILS = [
    (GENERAL_OUTPATIENT, "", _("0 no chronic disease")),
    (GENERAL_OUTPATIENT, Claim.Detail.CHRONIC.value, _("1 chronic disease")),
    (TWO_DISEASES, "", _("Choose…")),
    (TWO_DISEASES, Claim.Detail.HYPERTENSION.value, _("1 hypertension")),
    (TWO_DISEASES, Claim.Detail.DIABETES.value, _("2 diabetes")),
    (TWO_DISEASES, Claim.Detail.BOTH.value, _("3 both diseases")),
    (MATERNITY, "", _("Choose…")),
    (MATERNITY, Claim.Detail.NATURAL.value, _("1 natural birth")),
    (MATERNITY, Claim.Detail.CAESAREAN.value, _("2 caesarean section")),
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
LONGEST_INVOICE = 40
ALREADY = tuple(f"already_{layer}" for layer in PRIOR_LAYERS)


class DetailSelect(forms.Select):
    """Each line knows the kind of care it belongs to; `window.js` shows those of the chosen one."""

    kinds: Sequence[str] = ()

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The line with its kind; the fifth argument is its place."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        option["attrs"]["data-kind"] = self.kinds[args[4]]
        return option


class DetailField(forms.ChoiceField):
    """The disease, or how a child was born."""

    widget = DetailSelect

    def offer(self, kinds: Collection[str]) -> None:
        """Only the lines of these kinds."""
        lines = [line for line in _DETAILS if line[0] in kinds]
        self.choices = [(word, label) for _kind, word, label in lines]
        if isinstance(self.widget, DetailSelect):
            self.widget.kinds = [kind for kind, _word, _label in lines]


def _already(label: Any) -> YuanField:
    """An amount that a layer outside the scheme has paid on the invoice."""
    return YuanField(label=label, min_value=ZERO, max_value=LARGEST, required=False)


class InstitutionField(ComboboxField):
    """An institution by code, name, a part of either or of the initials that only one has."""

    default_error_messages = {
        "several": _("%(count)s institutions fit “%(value)s”. Type more, or choose a line."),
    }

    def to_python(self, value: Any) -> Any:
        """The institution; ValidationError when none or several fit."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            part = " ".join(str(value).replace("\0", " ").split())
            if getattr(error, "code", "") not in {"invalid_choice", "near"} or len(part) < 2:
                raise
            fitting = self._fitting(part)
            if len(fitting) == 1:
                return fitting[0]
            if not fitting:
                raise
            raise ValidationError(
                self.error_messages["several"],
                code="several",
                params={"value": part, "count": len(fitting) if len(fitting) < 21 else "20+"},
            ) from error

    def _fitting(self, part: str) -> list[Institution]:
        """At most 21 institutions that have the part; initials count where nothing else fits."""
        by_name = self._records().filter(name__contains=part)
        fitting = list((by_name | self._records().filter(code__endswith=part.upper()))[:21])
        if fitting or not (part.isascii() and part.isalpha()):
            return fitting
        named = self._records().values_list("pk", "name")
        keys = [pk for pk, name in named if has_initials(name, part)]
        return list(self._records().filter(pk__in=keys[:21]))


class ClaimForm(forms.Form):
    """The facts of one paper claim, in the order of the papers."""

    institution = InstitutionField(
        Institution.objects.all(), label=_("Institution"), placeholder=_("Code, name or initials")
    )
    kind = forms.ChoiceField(label=_("Kind of care"), choices=_KINDS)
    detail = DetailField(label=_("Disease or delivery"), required=False)
    admitted_on = DayField(label=_("Admitted"), required=False)
    discharged_on = DayField(label=_("Discharged or visited"))
    filing = forms.ChoiceField(
        label=_("Filing outside the county"), choices=_FILINGS, required=False
    )
    diagnosis = forms.CharField(label=_("Diagnosis"), max_length=100)
    invoice_no = forms.CharField(label=_("Invoice number"), max_length=LONGEST_INVOICE)
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
    already_basic = _already(_("Basic insurance has paid"))
    already_critical_illness = _already(_("Critical-illness insurance has paid"))
    already_medical_aid = _already(_("Medical aid has paid"))
    already_poverty = _already(_("Poverty relief has paid"))
    excluded_cause = forms.ChoiceField(
        label=_("Not for the fund to pay"), choices=_CAUSES, required=False
    )

    def __init__(self, *args: Any, scheme: Scheme | None = None, **kwargs: Any) -> None:
        """Ask what the scheme in force reads; without one, everything.

        Short inputs; no browser memory of other people's papers.
        """
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        detail, kind = self.fields["detail"], self.fields["kind"]
        asked = [one for one in DETAILS if scheme is None or scheme.details(one)]
        if isinstance(detail, DetailField):
            detail.offer(asked)
        if not asked:
            del self.fields["detail"]
        if scheme is not None and isinstance(kind, forms.ChoiceField):
            kind.choices = [line for line in _KINDS if line[0] in scheme.kinds]
            for layer in set(PRIOR_LAYERS) - set(scheme.outside):
                del self.fields[f"already_{layer}"]
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_invoice_no(self) -> str:
        """In its one spelling; ValidationError for one without a letter or digit."""
        number = invoice_number(self.cleaned_data["invoice_no"])
        if not number or len(number) > LONGEST_INVOICE:
            raise ValidationError(_("Write the number as it is printed on the invoice."))
        return number

    def clean(self) -> dict[str, Any]:
        """What the kind and the place do not ask for is left out."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") not in STAYS:
            data["admitted_on"] = None
        if data.get("detail") not in DETAILS.get(data.get("kind", ""), ()):
            data["detail"] = ""
        institution = data.get("institution")
        if institution is not None and institution.in_county:
            data["filing"] = Claim.Filing.NONE.value
        self._require_by_kind(data)
        return data

    def _require_by_kind(self, data: dict[str, Any]) -> None:
        """What the kind of care asks for, in the words of the rules."""
        kind = data.get("kind") or ""
        asked = {"admitted_on": kind in STAYS, "detail": kind in DETAIL_FIELDS.values()}
        codes = {"admitted_on": "admission_missing", "detail": f"{kind}_untold"}
        for name, is_asked in asked.items():
            wanting = name in self.fields and not data.get(name) and name not in self.errors
            if is_asked and wanting:
                self.add_error(name, say(Stop(codes[name], name)))

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
        parts = ("excluded", "over_limit", "first_self_pay", *ALREADY)
        amounts = {name: data.get(name) or ZERO for name in parts}
        return ClaimDraft(
            institution=data["institution"],
            kind=data["kind"],
            detail=data.get("detail", ""),
            discharged_on=data["discharged_on"],
            total=data.get("total") or ZERO,
            admitted_on=data.get("admitted_on"),
            filing=data.get("filing") or Claim.Filing.NONE.value,
            diagnosis=data.get("diagnosis", ""),
            invoice_no=data.get("invoice_no", ""),
            excluded_cause=data.get("excluded_cause") or ExcludedCause.NONE.value,
            **amounts,
        )

    @property
    def asked(self) -> list[BoundField]:
        """The fields that every claim goes through, in the order of the papers."""
        rare = {field.name for field in self.rarely_asked}
        return [field for field in self.visible_fields() if field.name not in rare]

    @property
    def rarely_asked(self) -> list[BoundField]:
        """What others have paid before, where the scheme itself begins with basic insurance."""
        if "already_basic" in self.fields:
            return []
        return [self[name] for name in ALREADY if name in self.fields]

    @property
    def is_rare(self) -> bool:
        """Whether one of the rare fields says something, or is wrong."""
        return any(_says(field.value()) or field.errors for field in self.rarely_asked)

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
            if stop.field in self.fields:
                self.add_error(stop.field, sentence)
            else:
                # The summary leads to that part of the page (see `linked`).
                code = "part:papers" if stop.field == "papers" else None
                self.add_error(None, ValidationError(sentence, code=code))


def _says(typed: object) -> bool:
    """Whether an amount as it stands in its field is more than nothing, or cannot be read."""
    try:
        return parse_amount(str(typed or "0")) != ZERO
    except AmountError:
        return True


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

    @property
    def boxes(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        """Each paper with what it is for the kinds of care: kinds separated by spaces, text."""
        return [(box, hints_of(box.data["value"])) for box in self["papers"]]


def form_of(claim: Claim, typed: Mapping[str, Any] | None = None, **kwargs: Any) -> ClaimForm:
    """The form with the facts of a claim, to correct it; `typed` is what a draft has instead."""
    initial = {name: getattr(claim, name) for name in ClaimForm.base_fields}
    return ClaimForm(initial={**initial, **(typed or {})}, **kwargs)
