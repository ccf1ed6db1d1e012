"""The page on which a second person enters what the hospital answered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.intake.models import Claim
from claims.intake.selectors import candidate_of, findings_for
from claims.verification.models import Verification
from claims.verification.rules import LETTER
from claims.verification.services import (
    Enquiry,
    faults_of,
    record_verification,
    why_not_verify,
)
from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.widgets import DayField
from enrollment.values.money import format_yuan


class VerificationForm(forms.Form):
    """Whom one asked, how, and what they said."""

    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=Verification.Method.choices)
    counterpart = forms.CharField(
        label=gettext_lazy("Who answered"),
        max_length=100,
        help_text=gettext_lazy("Department and person at the hospital."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Number called, or number of the letter"), max_length=60
    )
    answered_on = DayField(label=gettext_lazy("Answered on"))
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[("", gettext_lazy("Choose…")), *Verification.Result.choices],
    )
    note = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        """Where a letter is required it is chosen already, and the form says so."""
        super().__init__(*args, **kwargs)
        self.claim = claim
        if needs_letter(claim):
            self.initial.setdefault("method", Verification.Method.LETTER.value)
            self.fields["method"].help_text = _(
                "For a total of %(total)s a letter is required: a call may be recorded, but is "
                "not enough for the second review."
            ) % {"total": format_yuan(claim.total)}

    def clean(self) -> dict[str, Any]:
        """Each fault at its field."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            enquiry = Enquiry(**data)
            for field, text in faults_of(self.claim, enquiry, timezone.localdate()).items():
                self.add_error(field, text)
        return data


def needs_letter(claim: Claim) -> bool:
    """Whether the second review waits for a letter."""
    (findings,) = findings_for([candidate_of(claim)], today=timezone.localdate())
    return any(finding.code == f"verification_{LETTER}" for finding in findings)


class VerifyView(ActionView):
    """Verify a claim of a hospital without agreement."""

    queryset = Claim.objects.select_related("person", "institution")
    title = gettext_lazy("Verify at the hospital")
    submit_label = gettext_lazy("Record the answer")
    explanation = gettext_lazy(
        "Ask the hospital whether patient, days, invoice and amount are genuine, and write down "
        "who answered. Your name stands with it."
    )
    form_class = VerificationForm

    def get_facts(self, obj: Claim) -> list[Fact]:
        """What to ask the hospital about."""
        stay = f"{obj.admitted_on or obj.discharged_on} – {obj.discharged_on}"
        return [
            Fact(gettext_lazy("Claim"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Institution"), obj.institution.name),
            Fact(gettext_lazy("Stay or visit"), stay),
            Fact(gettext_lazy("Invoice number"), obj.invoice_no or "—"),
            Fact(gettext_lazy("Total cost"), obj.total),
        ]

    def get_refusal(self, obj: Claim) -> str:
        """Who entered the claim does not verify it."""
        return str(why_not_verify(obj, self.actor) or "")

    def get_form_kwargs(self, obj: Claim) -> dict[str, Any]:
        """Most answers are entered the same day."""
        initial = {"answered_on": timezone.localdate()}
        return {**super().get_form_kwargs(obj), "claim": obj, "initial": initial}

    def perform(self, obj: Claim, data: dict[str, Any]) -> str:
        """Call the service."""
        record_verification(obj, Enquiry(**data), actor=self.actor, at=timezone.now())
        said = _("The answer is recorded with claim %(number)s.") % {"number": obj.number}
        if data["method"] == Verification.Method.PHONE and needs_letter(obj):
            text = _("Claim %(number)s still needs a letter before the second review.")
            messages.warning(self.request, text % {"number": obj.number})
        return said

    def get_back_url(self, obj: Claim) -> str:
        """The claim itself."""
        return reverse("admin:claims_claim_change", args=[obj.pk])
