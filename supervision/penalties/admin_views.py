"""The pages on which receipts are recorded, one for each ledger."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Label
from enrollment.desk.widgets import DayField, YuanField
from enrollment.values.money import format_yuan
from supervision.penalties.receipts import (
    record_fine_receipt,
    record_recovery_receipt,
    why_not_receive,
)
from supervision.penalties.selectors import fines_with_open, recoveries_with_open


class ReceiptForm(forms.Form):
    """What came in, when, and by which voucher."""

    amount = YuanField(label=_("Amount (yuan)"), min_value=Decimal("0.01"))
    received_on = DayField(label=_("Received on"))
    voucher = forms.CharField(label=_("Voucher number"), max_length=60)

    def __init__(self, data: Any = None, files: Any = None, *, open_amount: Decimal) -> None:
        """Propose what is open, and allow no more."""
        initial = {"amount": open_amount, "received_on": timezone.localdate()}
        super().__init__(data, files, initial=initial)
        amount = self.fields["amount"]
        amount.help_text = _("Outstanding: %(open)s.") % {"open": format_yuan(open_amount)}
        if isinstance(amount, YuanField):
            amount.max_value = open_amount


class ReceiveRecoveryView(ActionView):
    """Money returned to the fiscal special account."""

    title = _("Recovery received")
    submit_label = _("Record the receipt")
    explanation = _("Money that has come into the fund's fiscal special account (财政专户).")

    def get_queryset(self) -> Any:
        """With what is open."""
        return recoveries_with_open().select_related("institution", "case")

    def get_facts(self, obj: Any) -> Sequence[Fact]:
        """What is owed."""
        return [
            Fact(_("Document"), obj.number),
            Fact(_("Institution"), str(obj.institution)),
            Fact(_("Decided"), obj.amount),
            Fact(_("Received"), obj.received),
            Fact(_("Outstanding"), obj.open_amount),
        ]

    def get_refusal(self, obj: Any) -> Label:
        """Why nothing can be recorded."""
        return str(why_not_receive(obj.open_amount, self.actor) or "")

    def get_form(self, obj: Any) -> forms.Form:
        """Amount, day, voucher."""
        return ReceiptForm(open_amount=obj.open_amount, **self.get_form_kwargs(obj))

    def perform(self, obj: Any, data: dict[str, Any]) -> str:
        """Record it."""
        row = record_recovery_receipt(obj, **data, actor=self.actor, at=timezone.now())
        return gettext("%(amount)s was received for the fund.") % {
            "amount": format_yuan(row.amount)
        }

    def get_back_url(self, obj: Any) -> str:
        """The case, or the order itself when there is none."""
        if obj.case_id is not None:
            return reverse("admin:supervision_case_change", args=[obj.case_id])
        return reverse("admin:supervision_recovery_change", args=[obj.pk])


class ReceiveFineView(ReceiveRecoveryView):
    """A fine paid into the treasury."""

    title = _("Fine received")
    explanation = _("Money that has come into the state treasury (国库).")

    def get_queryset(self) -> Any:
        """With what is open."""
        return fines_with_open().select_related("institution", "case")

    def perform(self, obj: Any, data: dict[str, Any]) -> str:
        """Record it."""
        row = record_fine_receipt(obj, **data, actor=self.actor, at=timezone.now())
        return gettext("%(amount)s was received for the treasury.") % {
            "amount": format_yuan(row.amount)
        }

    def get_back_url(self, obj: Any) -> str:
        """The case."""
        return reverse("admin:supervision_case_change", args=[obj.case_id])
