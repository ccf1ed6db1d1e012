"""What is typed about an overpayment."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.overpayments.models import Overpayment
from claims.overpayments.plans import monthly_parts
from claims.overpayments.selectors import shares_to_set_off
from claims.payments.models import OrderShare
from claims.templatetags.money_words import layer_name
from enrollment.desk.widgets import DayField, YuanField
from enrollment.values.money import format_yuan, from_fen, to_fen

MOST_PARTS = 60  # five years of months


class RepaymentForm(forms.Form):
    """Money that came back."""

    amount = YuanField(label=_("Amount (yuan)"), min_value=Decimal("0.01"))
    on = DayField(label=_("Received on"))
    document = forms.CharField(
        label=_("Receipt number"),
        max_length=60,
        help_text=_("The number on the bank's receipt; the same number is recorded once."),
    )


class PlanForm(forms.Form):
    """Equal monthly parts of what is open."""

    first_due = DayField(label=_("First instalment due on"))
    count = forms.IntegerField(
        label=_("Number of monthly instalments"),
        min_value=1,
        max_value=MOST_PARTS,
        help_text=_("What is open is cut into equal parts to the fen; the earlier ones take more."),
    )
    note = forms.CharField(
        label=_("What was agreed, and with whom"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, still_open: Decimal, **kwargs: Any) -> None:
        """`still_open` is what the parts sum to."""
        super().__init__(*args, **kwargs)
        self._open = still_open

    def clean_first_due(self) -> date:
        """Not in the past."""
        day: date = self.cleaned_data["first_due"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The day is past: choose today at the earliest."))
        return day

    def clean_count(self) -> int:
        """At least one fen a part."""
        count: int = self.cleaned_data["count"]
        if count > to_fen(self._open):
            raise forms.ValidationError(_("There are more parts than fen: choose fewer."))
        return count

    def parts(self) -> list[tuple[date, Decimal]]:
        """Day and yuan of each instalment."""
        data = self.cleaned_data
        parts = monthly_parts(to_fen(self._open), data["count"], data["first_due"])
        return [(day, from_fen(fen)) for day, fen in parts]


class WriteOffForm(forms.Form):
    """Giving up what cannot be recovered."""

    amount = YuanField(label=_("Amount (yuan)"), min_value=Decimal("0.01"))
    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label=_("Decision on the write-off"),
        max_length=200,
        help_text=_("Number and date of the decision that allows the write-off."),
    )


class SetOffForm(forms.Form):
    """Keeping part of the payee's next payment."""

    share = forms.ModelChoiceField(
        label=_("Payment"), queryset=OrderShare.objects.none(), empty_label=None
    )
    amount = YuanField(label=_("Amount (yuan)"), min_value=Decimal("0.01"))
    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label=_("Consent"),
        max_length=200,
        help_text=_("The paper by which the payee agrees that the payment is reduced."),
    )

    def __init__(self, *args: Any, overpayment: Overpayment, **kwargs: Any) -> None:
        """Offer what waits to be paid to the same payee with the same payer's money."""
        super().__init__(*args, **kwargs)
        share: Any = self.fields["share"]
        share.queryset = shares_to_set_off(overpayment)
        share.label_from_instance = _words


def next_month(day: date) -> date:
    """The same day a month on, for a first suggestion; the month's last where it has none."""
    return monthly_parts(2, 2, day)[1][0]


def _words(share: Any) -> str:
    return f"{share.order.number} · {layer_name(share.layer)} · {format_yuan(share.rest)}"
