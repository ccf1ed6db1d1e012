"""Putting orders into batches, approving, cancelling, and paying again what failed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.payments.models import (
    BatchTransition,
    OrderShare,
    OrderState,
    PaymentBatch,
    PaymentOrder,
    SetOff,
)
from claims.payments.selectors import orders_without_account
from claims.payments.states import BATCH_TRANSITIONS
from enrollment.access.models import User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused, move

# An account that was missing when the order was made and has been given since.
FILL_ACCOUNTS = (
    """
    UPDATE claims_paymentorder o SET account_no = p.account_no, account_name = p.account_name
      FROM enrollment_person p
     WHERE p.id = o.person_id AND o.state = 'pending' AND o.account_no = ''::bytea
       AND p.account_no <> ''::bytea
    """,
    """
    UPDATE claims_paymentorder o SET account_no = i.account_no, account_name = i.account_name
      FROM enrollment_institution i
     WHERE i.id = o.institution_id AND o.state = 'pending' AND o.account_no = ''::bytea
       AND i.account_no <> ''::bytea
    """,
)
TAKE_ORDERS = """
    UPDATE claims_paymentorder SET state = 'batched', batch_id = %s
     WHERE state = 'pending' AND account_no <> ''::bytea
"""
# One batch is put together at a time, or two would take the same orders.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"
_MAKING_BATCHES = 0x5E79


class NothingToPay(TransitionRefused):
    """No order can go into a batch."""


@dataclass(frozen=True)
class MadeBatch:
    """A new batch, and how many orders wait because they have no account."""

    batch: PaymentBatch
    without_account: int


def make_batch(*, actor: User, at: datetime) -> MadeBatch:
    """Put all pending orders that have an account into one batch (拨付批次).

    An order without an account first takes the one that its payee has got since; without one
    it waits. Raises NotPermitted, or NothingToPay when there is nothing to batch.
    """
    _require(actor, "claims.make_batch", _("put a payment batch together"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [_MAKING_BATCHES])
        for sql in FILL_ACCOUNTS:
            cursor.execute(sql)
        batch = PaymentBatch.objects.create(
            number=_next_number(at), created_by=actor, created_at=at, orders_count=0, total=0
        )
        cursor.execute(TAKE_ORDERS, [batch.pk])
        sums = batch.orders.aggregate(count=Count("pk"), total=Sum("amount"))
        without = orders_without_account().count()
        if not sums["count"]:
            raise NothingToPay(
                _("No order can be batched: %(count)s orders wait for their payee's account.")
                % {"count": without}
                if without
                else _("There is no order to pay.")
            )
        batch.orders_count, batch.total = sums["count"], sums["total"]
        batch.save(update_fields=["orders_count", "total"])
        BatchTransition.objects.create(
            subject=batch, action="make", from_state="", to_state=batch.state, actor=actor, at=at
        )
    return MadeBatch(batch, without)


def approve_batch(batch: PaymentBatch, *, actor: User, at: datetime, note: str = "") -> None:
    """Release a batch for payment; refused to whoever put it together."""
    move(batch, "approve", BATCH_TRANSITIONS, BatchTransition, actor=actor, at=at, note=note)


def cancel_batch(batch: PaymentBatch, *, actor: User, at: datetime, note: str) -> None:
    """Undo a batch that the bank has not got; its orders wait for the next one."""
    with transaction.atomic():
        move(batch, "cancel", BATCH_TRANSITIONS, BatchTransition, actor=actor, at=at, note=note)
        batch.orders.filter(state=OrderState.BATCHED).update(state=OrderState.PENDING, batch=None)


def close_if_decided(batch: PaymentBatch, *, actor: User, at: datetime) -> bool:
    """Close a sent batch once the bank has decided every order; returns whether it did."""
    if batch.orders.filter(state=OrderState.BATCHED).exists():
        return False
    move(batch, "close", BATCH_TRANSITIONS, BatchTransition, actor=actor, at=at)
    return True


def pay_again(order: PaymentOrder, *, actor: User, at: datetime) -> PaymentOrder:
    """Make a new order for one that the bank has failed, with the payee's present account.

    The failed order keeps its story and becomes REPLACED; amount and shares are the same.
    Raises NotPermitted, StateConflict when it has not failed (or was replaced already), and
    TransitionRefused when the account is still the one that failed.
    """
    _require(actor, "claims.pay_again", _("pay again"))
    with transaction.atomic():
        failed = PaymentOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
        if failed.state != OrderState.FAILED:
            raise StateConflict(
                _("Order %(order)s is “%(state)s” and cannot be paid again.")
                % {"order": failed.number, "state": failed.get_state_display()}
            )
        payee = failed.person or failed.institution
        if payee is None or not payee.account_no:
            raise TransitionRefused(_("The payee has no account: enter it first."))
        if (payee.account_no, payee.account_name) == (failed.account_no, failed.account_name):
            raise TransitionRefused(
                _(
                    "The account is still the one that failed (%(reason)s): correct the account "
                    "first, then pay again."
                )
                % {"reason": failed.failure}
            )
        failed.state = OrderState.REPLACED
        failed.save(update_fields=["state"])
        again = PaymentOrder.objects.create(
            number=_again(failed.number),
            run=failed.run,
            correction=failed.correction,
            claim=failed.claim,
            person=failed.person,
            institution=failed.institution,
            account_no=payee.account_no,
            account_name=payee.account_name,
            amount=failed.amount,
            replaces=failed,
            created_at=at,
            ordered_by=actor,
        )
        _copy_shares(failed, again)
    order.state = failed.state
    return again


def _copy_shares(failed: PaymentOrder, again: PaymentOrder) -> None:
    """The same shares, with what is set off against them."""
    old = list(failed.shares.prefetch_related("set_offs").order_by("pk"))
    new = OrderShare.objects.bulk_create(
        OrderShare(order=again, payer=share.payer, layer=share.layer, amount=share.amount)
        for share in old
    )
    SetOff.objects.bulk_create(
        SetOff(share=copy, clearance_id=one.clearance_id, amount=one.amount)
        for share, copy in zip(old, new, strict=True)
        for one in share.set_offs.all()
    )


def _again(number: str) -> str:
    """The number of an order's successor.

    >>> _again("00012-000345"), _again("00012-000345-2")
    ('00012-000345-2', '00012-000345-3')
    """
    run, place, *attempt = number.split("-")
    return f"{run}-{place}-{int(attempt[0]) + 1 if attempt else 2}"


def _next_number(at: datetime) -> str:
    """`P20261124-02`: the day and a running part; called under the lock on making batches."""
    day = f"P{timezone.localdate(at):%Y%m%d}-"
    return f"{day}{PaymentBatch.objects.filter(number__startswith=day).count() + 1:02d}"


def _require(actor: User, permission: str, action: str) -> None:
    if not actor.has_perm(permission):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": action}
        )


def batch_numbered(number: str) -> PaymentBatch:
    """The batch of that number; raises TransitionRefused with what to do when there is none."""
    batch = PaymentBatch.objects.filter(number=number).first()
    if batch is None:
        raise TransitionRefused(
            _("There is no batch %(number)s: look the number up in the list of batches.")
            % {"number": number}
        )
    return batch
