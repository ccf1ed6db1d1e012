"""Setting off against the next payment, and writing off: proposed by one, approved by another.

A payment that still waits for the very claim that lost is kept back without a proposal of its
own: the correction has been decided by two people, and nothing is asked of the payee.

Limits: never more than is open; a set-off takes only from an order that waits to be paid to
the same payee, with the same payer's money, and never more than that share has left. A payer
is never set off against another. The order then pays the rest; one that is set off whole
never goes to the bank.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.overpayments.models import (
    Clearance,
    ClearanceState,
    ClearanceTransition,
    Overpayment,
    Repayment,
)
from claims.overpayments.services import lock, post_repayment, require, require_open
from claims.overpayments.states import CLEARANCE_TRANSITIONS
from claims.payments.models import OrderShare, OrderState, PaymentOrder, SetOff
from enrollment.access.models import User
from enrollment.transitions.table import ReasonMissing, StateConflict, TransitionRefused, move
from enrollment.values.money import ZERO, format_yuan


def propose_set_off(
    overpayment: Overpayment,
    share: OrderShare,
    *,
    amount: Decimal,
    note: str,
    document: str,
    actor: User,
    at: datetime,
) -> Clearance:
    """Propose to keep `amount` yuan of a waiting payment; `document` is the payee's consent.

    Raises NotPermitted, ReasonMissing without note or document, StateConflict when another
    clearance of it is open or the order waits no more, TransitionRefused outside the limits.
    """
    if not document.strip():
        raise ReasonMissing(_("Enter the paper by which the payee agrees to the set-off."))
    with transaction.atomic():
        lock(overpayment)
        _require_share(overpayment, share, amount)
        return _propose(
            overpayment,
            kind=Clearance.Kind.SET_OFF,
            share=share,
            amount=amount,
            note=note,
            document=document,
            actor=actor,
            at=at,
        )


def propose_write_off(
    overpayment: Overpayment,
    *,
    amount: Decimal,
    note: str,
    document: str,
    actor: User,
    at: datetime,
) -> Clearance:
    """Propose to give up `amount` yuan; `document` is the decision that allows it.

    Raises as `propose_set_off` does.
    """
    if not document.strip():
        raise ReasonMissing(_("Enter the decision that allows the write-off."))
    return _propose(
        overpayment,
        kind=Clearance.Kind.WRITE_OFF,
        share=None,
        amount=amount,
        note=note,
        document=document,
        actor=actor,
        at=at,
    )


def approve_clearance(clearance: Clearance, *, actor: User, at: datetime) -> Repayment:
    """Post a clearance: the overpayment shrinks, and for a set-off the order with it.

    Raises what `move` raises, and StateConflict when the order has gone into a batch or the
    share has less left than was proposed: withdraw it then and propose anew.
    """
    with transaction.atomic():
        locked = lock(clearance.overpayment)
        moved: Clearance = move(
            clearance,
            "approve",
            CLEARANCE_TRANSITIONS,
            ClearanceTransition,
            actor=actor,
            at=at,
        )
        return _clear(moved, locked, actor=actor, at=at)


def keep_back(
    overpayment: Overpayment, share: OrderShare, *, amount: Decimal, actor: User, at: datetime
) -> Repayment:
    """Keep `amount` yuan of what was ordered for the claim itself; `actor` approves the correction.

    Raises StateConflict when the order waits no more, TransitionRefused outside the limits.
    """
    correction = overpayment.correction
    with translation.override("zh-hans"):  # what is written into the books is Chinese
        note = _("Not paid yet: kept back with the correction")
    with transaction.atomic():
        locked = lock(overpayment)
        clearance = Clearance.objects.create(
            overpayment=locked,
            kind=Clearance.Kind.SET_OFF,
            state=ClearanceState.APPROVED,
            share=share,
            amount=amount,
            note=note,
            document=str(correction),
            proposed_by=correction.proposed_by or actor,
            proposed_at=correction.proposed_at,
        )
        proposed, approved = ClearanceState.PROPOSED, ClearanceState.APPROVED
        steps = (
            ("propose", "", proposed, clearance.proposed_at, correction.proposed_by),
            ("approve", proposed, approved, at, actor),
        )
        ClearanceTransition.objects.bulk_create(
            ClearanceTransition(
                subject=clearance, action=action, from_state=old, to_state=new, at=when, actor=who
            )
            for action, old, new, when, who in steps
        )
        return _clear(clearance, locked, actor=actor, at=at)


def reject_clearance(clearance: Clearance, *, actor: User, at: datetime, note: str) -> None:
    """Refuse it with a reason; nothing is posted."""
    move(
        clearance, "reject", CLEARANCE_TRANSITIONS, ClearanceTransition,
        actor=actor, at=at, note=note,
    )  # fmt: skip


def withdraw_clearance(clearance: Clearance, *, actor: User, at: datetime, note: str) -> None:
    """Take a proposal back with a reason."""
    move(
        clearance, "withdraw", CLEARANCE_TRANSITIONS, ClearanceTransition,
        actor=actor, at=at, note=note,
    )  # fmt: skip


def _propose(
    overpayment: Overpayment,
    *,
    kind: str,
    share: OrderShare | None,
    amount: Decimal,
    note: str,
    document: str,
    actor: User,
    at: datetime,
) -> Clearance:
    require(actor, "claims.propose_clearance", _("propose a set-off or a write-off"))
    if not note.strip():
        raise ReasonMissing(_("Say why: the next person needs to know."))
    with transaction.atomic():
        locked = lock(overpayment)
        open_one = Clearance.objects.filter(overpayment=locked, state=ClearanceState.PROPOSED)
        if (found := open_one.first()) is not None:
            raise StateConflict(
                _("Clearance %(number)s is still open: decide or withdraw it first.")
                % {"number": found}
            )
        require_open(locked, amount)
        clearance = Clearance.objects.create(
            overpayment=locked,
            kind=kind,
            share=share,
            amount=amount,
            note=note.strip(),
            document=document.strip(),
            proposed_by=actor,
            proposed_at=at,
        )
        ClearanceTransition.objects.create(
            subject=clearance,
            action="propose",
            from_state="",
            to_state=clearance.state,
            actor=actor,
            at=at,
            note=clearance.note,
        )
    return clearance


def _clear(
    clearance: Clearance, overpayment: Overpayment, *, actor: User, at: datetime
) -> Repayment:
    """Post an approved clearance; the caller holds the locked overpayment."""
    require_open(overpayment, clearance.amount)
    layer, kind = overpayment.layer, Repayment.Kind.WRITTEN_OFF
    if clearance.share is not None:
        layer, kind = clearance.share.layer, Repayment.Kind.SET_OFF
        _take_from_order(clearance, clearance.share)
    row = Repayment.objects.create(
        overpayment=overpayment,
        kind=kind,
        clearance=clearance,
        on=timezone.localdate(at),
        amount=clearance.amount,
        document=str(clearance),
        recorded_by=actor,
        recorded_at=at,
    )
    post_repayment(row, layer=layer)
    return row


def _require_share(overpayment: Overpayment, share: OrderShare, amount: Decimal) -> PaymentOrder:
    """The locked order of the share; raises unless `amount` yuan of it may be kept."""
    order: PaymentOrder = PaymentOrder.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=share.order_id
    )
    whose = (order.person_id, order.institution_id, share.payer)
    if whose != (overpayment.person_id, overpayment.institution_id, overpayment.payer):
        raise TransitionRefused(
            _("Only a payment to the same payee with the same payer's money can be set off.")
        )
    if order.state != OrderState.PENDING:
        raise StateConflict(
            _("Order %(order)s is “%(state)s”: only a payment that still waits can be set off.")
            % {"order": order.number, "state": order.get_state_display()}
        )
    rest = share.amount - share.set_offs.aggregate(sum=Sum("amount", default=ZERO))["sum"]
    if amount > rest:
        raise TransitionRefused(
            _("%(amount)s yuan is more than the %(rest)s that this payment has left.")
            % {"amount": format_yuan(amount), "rest": format_yuan(rest)}
        )
    return order


def _take_from_order(clearance: Clearance, share: OrderShare) -> None:
    order = _require_share(clearance.overpayment, share, clearance.amount)
    SetOff.objects.create(share=share, clearance=clearance, amount=clearance.amount)
    order.amount -= clearance.amount
    if not order.amount:
        order.state = OrderState.SET_OFF
    order.save(update_fields=["amount", "state"])
