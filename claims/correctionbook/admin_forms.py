"""The form that proposes a correction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.corrections.models import Cause
from claims.intake.models import Claim, ClaimState
from claims.settlement.models import SettledClaim
from enrollment.models import Person


class ProposeForm(forms.Form):
    """Which year, why, and which claims are taken back."""

    year = forms.TypedChoiceField(label=_("Benefit year"), coerce=int)
    cause = forms.ChoiceField(label=_("Cause"), choices=Cause)
    reverse = forms.ModelMultipleChoiceField(
        label=_("Claims to reverse"),
        queryset=Claim.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for the cause “claim reversed”: their payments are taken back whole."),
    )
    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=200,
        required=False,
        help_text=_("What it rests on: number and date of the paper."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """Offer the resident's settled years and claims."""
        super().__init__(*args, **kwargs)
        claims = Claim.objects.filter(person=person, state=ClaimState.SETTLED)
        years = sorted(
            set(SettledClaim.objects.filter(claim__in=claims).values_list("year", flat=True)),
            reverse=True,
        )
        year: Any = self.fields["year"]
        year.choices = [(one, str(one)) for one in years]
        reverse: Any = self.fields["reverse"]
        reverse.queryset = claims.select_related("institution").order_by("discharged_on", "number")
        reverse.label_from_instance = _words


def _words(claim: Claim) -> str:
    return f"{claim.number} · {claim.discharged_on} · {claim.institution.name}"
