"""What is done about an overpayment, each act on a page of its own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.overpaymentbook.admin_forms import (
    PlanForm,
    RepaymentForm,
    SetOffForm,
    WriteOffForm,
    next_month,
)
from claims.overpayments import clearances, services
from claims.overpayments.models import Clearance, Overpayment
from claims.overpayments.selectors import open_amount, shares_to_set_off
from claims.templatetags.money_words import layer_name
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, ReasonForm
from enrollment.desk.tags import Label, Tone
from enrollment.values.money import format_yuan


class OverpaymentAction(ActionView):
    """An act on one overpayment."""

    queryset = Overpayment.objects.select_related("person", "institution", "correction")

    def get_facts(self, obj: Overpayment) -> Sequence[Fact]:
        """Payee, what it was paid for, what is open."""
        return [
            Fact(gettext_lazy("Overpayment"), obj),
            Fact(gettext_lazy("Payee"), obj.person or obj.institution),
            Fact(gettext_lazy("Layer"), layer_name(obj.layer)),
            Fact(gettext_lazy("Payer"), obj.get_payer_display()),
            Fact(gettext_lazy("Amount"), obj.amount),
            Fact(pgettext_lazy("overpayment", "Open"), open_amount(obj)),
        ]

    def get_refusal(self, obj: Overpayment) -> Label:
        """Only while something is open."""
        return "" if open_amount(obj) else gettext_lazy("Nothing is open any more.")

    def get_back_url(self, obj: Overpayment) -> str:
        """Its page."""
        return reverse("admin:claims_overpayment_change", args=[obj.pk])


class RepaidView(OverpaymentAction):
    """Money has come in."""

    title = gettext_lazy("Record a repayment")
    submit_label = gettext_lazy("Record and post")
    form_class = RepaymentForm
    tone = Tone.GREEN

    def get_form_kwargs(self, obj: Overpayment) -> dict[str, Any]:
        """Suggest all that is open, today."""
        first = {"amount": open_amount(obj), "on": timezone.localdate()}
        return {**super().get_form_kwargs(obj), "initial": first}

    def perform(self, obj: Overpayment, data: dict[str, Any]) -> str:
        """Record it."""
        row = services.record_repayment(
            obj,
            amount=data["amount"],
            on=data["on"],
            document=data["document"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("%(amount)s yuan recorded; open are %(open)s.") % {
            "amount": format_yuan(row.amount),
            "open": format_yuan(open_amount(obj)),
        }


class PlanView(OverpaymentAction):
    """Instalments."""

    title = gettext_lazy("Agree on instalments")
    submit_label = gettext_lazy("Record the agreement")
    explanation = gettext_lazy(
        "The new plan takes the place of an earlier one, which stays on record."
    )

    def get_form(self, obj: Overpayment) -> forms.Form:
        """It knows what is open."""
        return PlanForm(
            **self.get_form_kwargs(obj),
            still_open=open_amount(obj),
            initial={"first_due": next_month(timezone.localdate())},
        )

    def perform(self, obj: Overpayment, data: dict[str, Any]) -> str:
        """Record it."""
        form: Any = self.get_form(obj)
        form.full_clean()
        services.agree_plan(
            obj, form.parts(), note=data["note"], actor=self.actor, at=timezone.now()
        )
        return _("The instalments are recorded. Print the notice and hand it over.")


class SetOffView(OverpaymentAction):
    """Keep part of a waiting payment."""

    title = gettext_lazy("Set off against a payment")
    submit_label = gettext_lazy("Propose the set-off")
    explanation = gettext_lazy(
        "Only a payment that still waits, to the same payee and with the same payer's money. "
        "Another person approves it; then the payment is reduced."
    )

    def get_refusal(self, obj: Overpayment) -> Label:
        """There must be a payment."""
        if not shares_to_set_off(obj).exists():
            return gettext_lazy(
                "No payment to this payee with this payer's money is waiting at present."
            )
        return super().get_refusal(obj)

    def get_form(self, obj: Overpayment) -> forms.Form:
        """It knows the payments; suggests the most that is possible of the oldest."""
        share = shares_to_set_off(obj).first()
        most = min(open_amount(obj), share.rest) if share is not None else None  # type: ignore[attr-defined]
        return SetOffForm(**self.get_form_kwargs(obj), overpayment=obj, initial={"amount": most})

    def perform(self, obj: Overpayment, data: dict[str, Any]) -> str:
        """Propose it."""
        clearances.propose_set_off(
            obj,
            data["share"],
            amount=data["amount"],
            note=data["note"],
            document=data["document"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("Proposed. Nothing is posted before another person has approved it.")


class WriteOffView(OverpaymentAction):
    """Give up what cannot be recovered."""

    title = gettext_lazy("Propose a write-off")
    submit_label = gettext_lazy("Propose the write-off")
    explanation = gettext_lazy(
        "The payee need not pay this amount back any more. Another person approves it."
    )
    form_class = WriteOffForm
    tone = Tone.RED

    def perform(self, obj: Overpayment, data: dict[str, Any]) -> str:
        """Propose it."""
        clearances.propose_write_off(
            obj,
            amount=data["amount"],
            note=data["note"],
            document=data["document"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("Proposed. Nothing is posted before another person has approved it.")


class ClearanceAction(ActionView):
    """A step of one clearance."""

    queryset = Clearance.objects.select_related(
        "overpayment__person", "overpayment__institution", "share__order", "proposed_by"
    )
    form_class: type[forms.Form] = ReasonForm

    def get_facts(self, obj: Clearance) -> Sequence[Fact]:
        """What it is about."""
        facts = [
            Fact(gettext_lazy("Overpayment"), obj.overpayment),
            Fact(gettext_lazy("Payee"), obj.overpayment.person or obj.overpayment.institution),
            Fact(pgettext_lazy("overpayment", "Open"), open_amount(obj.overpayment)),
            Fact(gettext_lazy("Kind"), obj.get_kind_display()),
            Fact(gettext_lazy("Amount"), obj.amount),
            Fact(gettext_lazy("Reason"), obj.note),
            Fact(gettext_lazy("Document"), obj.document),
            Fact(gettext_lazy("Proposed by"), obj.proposed_by),
        ]
        if obj.share is not None:
            facts.insert(4, Fact(gettext_lazy("Payment"), obj.share.order))
        return facts

    def get_back_url(self, obj: Clearance) -> str:
        """Its page."""
        return reverse("admin:claims_clearance_change", args=[obj.pk])


class ApproveClearanceView(ClearanceAction):
    """The second person."""

    form_class = ConfirmForm
    title = gettext_lazy("Approve the clearance")
    submit_label = gettext_lazy("Approve and post")
    explanation = gettext_lazy("The overpayment shrinks by the amount. It cannot be undone.")
    tone = Tone.GREEN

    def perform(self, obj: Clearance, data: dict[str, Any]) -> str:
        """Approve it."""
        clearances.approve_clearance(obj, actor=self.actor, at=timezone.now())
        return _("The clearance is approved and posted.")


class RejectClearanceView(ClearanceAction):
    """Refused with a reason."""

    title = gettext_lazy("Reject the clearance")
    submit_label = gettext_lazy("Reject the clearance")
    tone = Tone.RED

    def perform(self, obj: Clearance, data: dict[str, Any]) -> str:
        """Reject it."""
        clearances.reject_clearance(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The clearance is rejected.")


class WithdrawClearanceView(ClearanceAction):
    """Taken back."""

    title = gettext_lazy("Withdraw the clearance")
    submit_label = gettext_lazy("Withdraw the clearance")

    def perform(self, obj: Clearance, data: dict[str, Any]) -> str:
        """Withdraw it."""
        clearances.withdraw_clearance(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The clearance is withdrawn.")
