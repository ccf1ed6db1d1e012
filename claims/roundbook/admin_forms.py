"""What one says when starting a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.policies.selectors import scheme_choices
from claims.rounds.models import CorrectionRound
from enrollment.bureau.selectors import current_bureau
from enrollment.desk.widgets import DayField


class RoundForm(forms.Form):
    """The cause, the scheme and the first day of discharge."""

    cause = forms.ChoiceField(label=_("Cause"), choices=CorrectionRound.CAUSES)
    scheme = forms.ChoiceField(label=_("Benefit scheme"))
    since = DayField(
        label=_("Discharged from"),
        help_text=_(
            "The first day from which the identity or the corrected policy holds; for late bills "
            "the first day of the year."
        ),
    )
    note = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=200,
        required=False,
        help_text=_("What it rests on: number and date of the paper."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The bureau's schemes, its own first chosen."""
        super().__init__(*args, **kwargs)
        scheme: Any = self.fields["scheme"]
        scheme.choices = scheme_choices()
        scheme.initial = current_bureau().scheme
