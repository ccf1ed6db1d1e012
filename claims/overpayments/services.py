"""Recording what came back, and agreeing on instalments.

    received:     Dr fiscal special account     / Cr overpayments receivable
    set off:      Dr benefits payable           / Cr overpayments receivable
    written off:  Dr overpayments written off   / Cr overpayments receivable

each in the payer's own book. A set-off and a write-off need a second person
(`claims.overpayments.clearances`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.ledger.models import Account, Event
from claims.ledger.services import Line, post_entry
from claims.overpayments.models import (
    Clearance,
    ClearanceState,
    Instalment,
    Overpayment,
    Repayment,
    RepaymentPlan,
)
from claims.overpayments.selectors import open_amount
from enrollment.access.models import User
from enrollment.transitions.table import NotPermitted, ReasonMissing, TransitionRefused
from enrollment.values.money import ZERO, format_yuan

# What each kind of repayment is posted as, and the account that it is debited to.
POSTED = {
    Repayment.Kind.RECEIVED: (Event.REPAYMENT, Account.FISCAL_ACCOUNT),
    Repayment.Kind.SET_OFF: (Event.OVERPAYMENT_SET_OFF, Account.BENEFITS_PAYABLE),
    Repayment.Kind.WRITTEN_OFF: (
        Event.OVERPAYMENT_WRITE_OFF,
        Account.OVERPAYMENTS_WRITTEN_OFF,
    ),
}


def record_repayment(
    overpayment: Overpayment,
    *,
    amount: Decimal,
    on: date,
    document: str,
    actor: User,
    at: datetime,
) -> Repayment:
    """Record and post money that came back, in yuan, with the number of its receipt.

    The same document again with the same figures finds the first record. Raises NotPermitted,
    or TransitionRefused for no amount, more than is open, a day before the overpayment or in
    the future, a missing document, or one that is recorded with other figures.
    """
    require(actor, "claims.record_repayment", _("record a repayment"))
    document = document.strip()
    if not document:
        raise TransitionRefused(_("Enter the number of the bank's receipt."))
    if not overpayment.opened_on <= on <= timezone.localdate(at):
        raise TransitionRefused(
            _("The day must lie between %(first)s, when it was asked back, and today.")
            % {"first": overpayment.opened_on}
        )
    with transaction.atomic():
        locked = lock(overpayment)
        known = locked.repayments.filter(document=document).first()
        if known is not None:
            if (known.amount, known.on, known.kind) == (amount, on, Repayment.Kind.RECEIVED):
                return known
            raise TransitionRefused(
                _("Receipt %(document)s is recorded already: %(amount)s yuan on %(day)s.")
                % {"document": document, "amount": format_yuan(known.amount), "day": known.on}
            )
        require_open(locked, amount)
        row = Repayment.objects.create(
            overpayment=locked,
            on=on,
            amount=amount,
            document=document,
            recorded_by=actor,
            recorded_at=at,
        )
        post_repayment(row, layer=locked.layer)
    return row


def agree_plan(
    overpayment: Overpayment,
    parts: Sequence[tuple[date, Decimal]],
    *,
    note: str,
    actor: User,
    at: datetime,
) -> RepaymentPlan:
    """Record the instalments agreed with the payee: day and yuan of each; the latest plan holds.

    Raises NotPermitted, ReasonMissing without a note, TransitionRefused when the parts do not
    sum to what is open, two fall on one day, or one lies in the past.
    """
    require(actor, "claims.agree_repayment", _("agree on instalments"))
    if not note.strip():
        raise ReasonMissing(_("Say what was agreed and with whom."))
    today = timezone.localdate(at)
    days = [day for day, _amount in parts]
    if not days or min(days) < today or len(set(days)) < len(days):
        raise TransitionRefused(_("Each instalment needs a day of its own, today at the earliest."))
    with transaction.atomic():
        locked = lock(overpayment)
        still_open = open_amount(locked)
        total = sum((amount for _day, amount in parts), ZERO)
        if total != still_open or any(amount <= 0 for _day, amount in parts):
            raise TransitionRefused(
                _("The instalments add up to %(total)s yuan, open are %(open)s.")
                % {"total": format_yuan(total), "open": format_yuan(still_open)}
            )
        plan = RepaymentPlan.objects.create(
            overpayment=locked,
            agreed_on=today,
            note=note.strip(),
            recorded_by=actor,
            recorded_at=at,
        )
        Instalment.objects.bulk_create(
            Instalment(plan=plan, due_on=day, amount=amount) for day, amount in sorted(parts)
        )
    return plan


def lock(overpayment: Overpayment) -> Overpayment:
    """Who changes what is open holds the overpayment's row."""
    locked: Overpayment = Overpayment.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=overpayment.pk
    )
    return locked


def require_open(overpayment: Overpayment, amount: Decimal) -> None:
    """Raise TransitionRefused unless 0 < `amount` ≤ what is open and not proposed to be cleared."""
    still_open = open_amount(overpayment)
    proposed = Clearance.objects.filter(overpayment=overpayment, state=ClearanceState.PROPOSED)
    bound = sum(proposed.values_list("amount", flat=True), ZERO)
    if amount <= 0:
        raise TransitionRefused(_("The amount must be more than 0."))
    if amount > still_open - bound:
        raise TransitionRefused(
            _("%(amount)s yuan is more than the %(open)s that are open of %(number)s.")
            % {
                "amount": format_yuan(amount),
                "open": format_yuan(still_open - bound),
                "number": overpayment,
            }
        )


def post_repayment(row: Repayment, *, layer: str) -> None:
    """The entry of one repayment; `layer` is that of the debit. Posting it twice is refused."""
    overpayment = row.overpayment
    event, account = POSTED[Repayment.Kind(row.kind)]
    book, place = overpayment.payer, overpayment.institution_id
    with translation.override("zh-hans"):  # the books are kept in Chinese
        description = f"{event.label}: {overpayment} {row.document}"[:200]
    post_entry(
        on=row.on,
        source=event,
        source_key=f"{row.pk}",
        description=description,
        lines=[
            Line(book, account, debit=row.amount, layer=layer, institution_id=place),
            Line(
                book,
                Account.OVERPAYMENTS_RECEIVABLE,
                credit=row.amount,
                layer=overpayment.layer,
                institution_id=place,
            ),
        ],
        at=row.recorded_at,
    )


def require(actor: User, permission: str, action: str) -> None:
    """Raise NotPermitted without the permission; `action` says what it is for."""
    if not actor.has_perm(permission):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": action}
        )
