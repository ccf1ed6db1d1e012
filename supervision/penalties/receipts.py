"""Money that comes in: recoveries to the fiscal account, fines to the treasury."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.models import User
from enrollment.transitions.table import NotPermitted, TransitionRefused, move
from enrollment.values.money import format_yuan
from supervision.cases.models import Case, CaseState, CaseTransition
from supervision.cases.services import lock_case
from supervision.cases.states import CASE_TRANSITIONS
from supervision.penalties.models import Fine, FineReceipt, Recovery, RecoveryReceipt
from supervision.penalties.postings import post_fine_receipt, post_recovery_receipt
from supervision.penalties.selectors import money_of

ZERO = Decimal("0.00")


class ReceiptRefused(TransitionRefused):
    """Money that does not fit what is open; the message says how much is."""


def record_recovery_receipt(
    recovery: Recovery,
    *,
    amount: Decimal,
    received_on: date,
    voucher: str,
    actor: User,
    at: datetime,
) -> RecoveryReceipt:
    """Money of a recovery has come into the fiscal special account (yuan).

    Raises NotPermitted without `supervision.record_receipt`, ReceiptRefused for more than is
    open, a coming day, or a voucher that is missing or was recorded before.
    """
    with transaction.atomic():
        locked = Recovery.objects.select_for_update(no_key=True, of=("self",)).get(pk=recovery.pk)
        received = locked.receipts.aggregate(total=Sum("amount"))["total"] or ZERO
        known = RecoveryReceipt.objects.filter(voucher=voucher.strip()).exists()
        _require_receipt(
            amount,
            locked.amount - received,
            received_on,
            voucher=voucher,
            known=known,
            actor=actor,
            at=at,
        )
        row = RecoveryReceipt.objects.create(
            recovery=locked,
            amount=amount,
            received_on=received_on,
            voucher=voucher.strip(),
            recorded_by=actor,
            recorded_at=at,
        )
        post_recovery_receipt(row)
        if locked.case is not None:
            execute_if_settled(locked.case, at)
    return row


def record_fine_receipt(
    fine: Fine,
    *,
    amount: Decimal,
    received_on: date,
    voucher: str,
    actor: User,
    at: datetime,
) -> FineReceipt:
    """A fine has been paid into the treasury (yuan); the refusals of a recovery's receipt."""
    with transaction.atomic():
        locked = Fine.objects.select_for_update(no_key=True, of=("self",)).get(pk=fine.pk)
        received = locked.receipts.aggregate(total=Sum("amount"))["total"] or ZERO
        known = FineReceipt.objects.filter(voucher=voucher.strip()).exists()
        _require_receipt(
            amount,
            locked.amount - received,
            received_on,
            voucher=voucher,
            known=known,
            actor=actor,
            at=at,
        )
        row = FineReceipt.objects.create(
            fine=locked,
            amount=amount,
            received_on=received_on,
            voucher=voucher.strip(),
            recorded_by=actor,
            recorded_at=at,
        )
        post_fine_receipt(row)
        execute_if_settled(locked.case, at)
    return row


def execute_if_settled(case: Case, at: datetime) -> None:
    """Take a decided case to `executed` once nothing of its recovery and fine is open."""
    locked = lock_case(case)
    money = money_of(locked)
    settled = not money.recovery.open and not money.fine.open
    if locked.state == CaseState.DECIDED and settled:
        move(locked, "execute", CASE_TRANSITIONS, CaseTransition, actor=None, at=at)


def why_not_receive(open_amount: Decimal, actor: User) -> TransitionRefused | None:
    """Why the actor cannot record a receipt now, or None."""
    if not actor.has_perm("supervision.record_receipt"):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("record receipts")}
        )
    if open_amount <= 0:
        return ReceiptRefused(_("Everything has been received: nothing is open."))
    return None


def _require_receipt(
    amount: Decimal,
    open_amount: Decimal,
    received_on: date,
    *,
    voucher: str,
    known: bool,
    actor: User,
    at: datetime,
) -> None:
    """Refuse a receipt that cannot be right."""
    refused = why_not_receive(open_amount, actor)
    if refused is not None:
        raise refused
    if amount <= 0 or amount > open_amount:
        raise ReceiptRefused(
            _("Between 0.01 and %(open)s can be received: that is what is still open.")
            % {"open": format_yuan(open_amount)}
        )
    if received_on > timezone.localdate(at):
        raise ReceiptRefused(_("The money cannot have come in on a coming day."))
    if not voucher.strip():
        raise ReceiptRefused(_("Enter the number of the voucher."))
    if known:
        raise ReceiptRefused(
            _("The voucher %(voucher)s was recorded before: check the number.")
            % {"voucher": voucher.strip()}
        )
