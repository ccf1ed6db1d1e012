"""The forms of applications and certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.certificates.models import SpecialCertificate
from claims.certificates.states import RevocationReason
from claims.diseases.models import ApplicationPaper, SpecialDisease
from claims.specialcare.models import RefusalReason
from claims.specialcare.services import Vote
from enrollment.desk.widgets import ComboboxField, DayField
from enrollment.models import Institution

# Lines for the panel's votes; a panel of county doctors is seldom larger.
MEMBERS = 5
_CHOOSE = ("", _("Choose…"))


class ApplyForm(forms.Form):
    """What the applicant asks for and hands in."""

    disease = ComboboxField(SpecialDisease.objects.none(), label=_("Special disease"))
    renews = forms.ModelChoiceField(
        SpecialCertificate.objects.none(),
        label=_("Renewal of"),
        required=False,
        empty_label=_("no renewal: first application"),
    )
    evidence_from = ComboboxField(Institution.objects.all(), label=_("Hospital of the evidence"))
    diagnosis = forms.CharField(label=_("Diagnosis"), max_length=200)
    papers = forms.MultipleChoiceField(
        label=_("Papers handed in"),
        choices=ApplicationPaper.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is missing for this disease is noted as to be supplied."),
    )
    institution = ComboboxField(
        Institution.objects.filter(in_county=True),
        label=_("Chosen institution"),
        required=False,
        help_text=_("Where the resident wants to be treated; printed on the certificate."),
    )

    def __init__(self, *args: Any, diseases: Any, renewable: Any, **kwargs: Any) -> None:
        """Offer the catalogue of the day and the certificates with an end."""
        super().__init__(*args, **kwargs)
        disease: Any = self.fields["disease"]
        disease.queryset = diseases
        renews: Any = self.fields["renews"]
        renews.queryset = renewable
        renews.label_from_instance = _words


def _words(certificate: SpecialCertificate) -> str:
    return f"{certificate.number} · {certificate.disease.name} · {certificate.ends_on}"


class SupplyForm(forms.Form):
    """Which of the missing papers came in."""

    papers = forms.MultipleChoiceField(
        label=_("Handed in now"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, missing: list[str], **kwargs: Any) -> None:
        """Offer what is missing; where the review asked for more, the remark says what."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["papers"]
        field.choices = [(one, ApplicationPaper(one).label) for one in missing]
        field.initial = missing


class PassForm(forms.Form):
    """What one has to say beside passing it."""

    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class ReturnForm(forms.Form):
    """What must be supplied."""

    note = forms.CharField(
        label=_("What must be supplied"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All of it at once: the applicant comes once more, not twice."),
    )


class VotesForm(forms.Form):
    """One line for each member of the panel; empty lines are left out."""

    reason = forms.ChoiceField(
        label=_("Reason, where the panel declines"),
        choices=[_CHOOSE, *RefusalReason.choices],
        required=False,
    )
    note = forms.CharField(
        label=_("Opinion of the panel"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The members come first."""
        super().__init__(*args, **kwargs)
        members: dict[str, forms.Field] = {}
        for nth in range(1, MEMBERS + 1):
            number = {"number": nth}
            members[f"name_{nth}"] = forms.CharField(
                label=_("Member %(number)d") % number, max_length=60, required=False
            )
            members[f"workplace_{nth}"] = forms.CharField(
                label=_("Workplace of member %(number)d") % number, max_length=120, required=False
            )
            members[f"vote_{nth}"] = forms.ChoiceField(
                label=_("Vote of member %(number)d") % number,
                choices=[
                    ("", "—"),
                    ("yes", pgettext_lazy("vote", "agrees")),
                    ("no", pgettext_lazy("vote", "does not agree")),
                ],
                required=False,
            )
        self.fields = {**members, **self.fields}

    def clean(self) -> dict[str, Any]:
        """A name has a vote, and a vote a name."""
        data = super().clean() or self.cleaned_data
        for nth in range(1, MEMBERS + 1):
            if bool(data.get(f"name_{nth}")) != bool(data.get(f"vote_{nth}")):
                missing = "vote" if data.get(f"name_{nth}") else "name"
                self.add_error(
                    f"{missing}_{nth}", ValidationError(_("A member has a name and a vote."))
                )
        return data

    def votes(self) -> list[Vote]:
        """The lines that are filled in."""
        data = self.cleaned_data
        return [
            Vote(data[f"name_{nth}"], data[f"vote_{nth}"] == "yes", data[f"workplace_{nth}"])
            for nth in range(1, MEMBERS + 1)
            if data[f"name_{nth}"]
        ]


class RefuseForm(forms.Form):
    """The reason that the applicant is told."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[_CHOOSE, *RefusalReason.choices])
    note = forms.CharField(
        label=_("In detail"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RevokeForm(forms.Form):
    """From which day, and why."""

    revoked_from = DayField(
        label=_("Revoked as of"),
        ahead=True,
        help_text=_("Services of this day and later are no longer paid by the certificate."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=[_CHOOSE, *RevocationReason.choices])
    note = forms.CharField(
        label=_("In detail"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CarryOverForm(forms.Form):
    """A certificate as its paper says it."""

    disease = ComboboxField(SpecialDisease.objects.all(), label=_("Special disease"))
    starts_on = DayField(label=_("Valid from"))
    ends_on = DayField(
        label=_("Valid to"), ahead=True, required=False, help_text=_("Empty: without an end.")
    )
    document = forms.CharField(
        label=_("Document"), max_length=120, help_text=_("Number of the earlier certificate.")
    )
    institution = ComboboxField(
        Institution.objects.filter(in_county=True), label=_("Chosen institution"), required=False
    )
