"""The bank file out, the bank's return in."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.ledger.models import Account
from claims.ledger.services import Line, post_entry
from claims.payments.bank_files import BadReturn, PayLine, ReturnLine, read_lines, write_lines
from claims.payments.models import (
    BankReturn,
    BatchState,
    BatchTransition,
    OrderShare,
    OrderState,
    PaymentBatch,
    PaymentOrder,
)
from claims.payments.selectors import net_share
from claims.payments.services import close_if_decided
from claims.payments.states import BATCH_TRANSITIONS
from enrollment.access.models import User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused, move
from enrollment.values.money import ZERO

SOURCE = "bank_return"
SHOWN_PROBLEMS = 20
DECIDE_ORDERS = """
    UPDATE claims_paymentorder o
       SET state = d.state, paid_on = d.paid_on, failure = d.failure
      FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(days)s::date[], %(failures)s::text[])
           AS d (id, state, paid_on, failure)
     WHERE o.id = d.id AND o.batch_id = %(batch)s AND o.state = 'batched'
"""


class ReturnRefused(TransitionRefused):
    """The return file does not fit the batch; nothing was written.

    `problems` name each wrong line and what to do.
    """

    def __init__(self, problems: list[str]) -> None:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(
                _("… and %(count)s more problems.") % {"count": len(problems) - len(shown)}
            )
        super().__init__("\n".join(shown))
        self.problems = problems


class FileChanged(RuntimeError):
    """A bank file would differ from the one that was sent: the data have been tampered with."""


@dataclass(frozen=True)
class ReadReturn:
    """What a return has brought; `paid_total` in yuan."""

    paid: int
    failed: int
    paid_total: Decimal
    closed: bool


# In the log; the batch's state stays as it is.
DOWNLOADED = "download"


def write_bank_file(batch: PaymentBatch, *, actor: User, at: datetime) -> bytes:
    """The bank file of an approved batch; the first time the batch becomes SENT.

    Byte-identical each time; its SHA-256 stands on the batch. Raises NotPermitted,
    StateConflict, or FileChanged when the bytes would differ from what was sent.
    """
    with transaction.atomic():
        if not actor.has_perm("claims.exchange_bank_files"):
            raise _not_permitted(_("write bank files"))
        locked = PaymentBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
        if locked.state not in (BatchState.APPROVED, BatchState.SENT, BatchState.CLOSED):
            raise StateConflict(
                _("Batch %(batch)s is “%(state)s”: only an approved batch goes to the bank.")
                % {"batch": locked.number, "state": locked.get_state_display()}
            )
        orders = locked.orders.order_by("pk").only("number", "account_no", "account_name", "amount")
        data = write_lines(
            PayLine(order.account_no, order.account_name, order.amount, order.number)
            for order in orders.iterator(chunk_size=2000)
        )
        sha256 = hashlib.sha256(data).hexdigest()
        if locked.state == BatchState.APPROVED:
            move(
                locked,
                "send",
                BATCH_TRANSITIONS,
                BatchTransition,
                actor=actor,
                at=at,
                changes={"file_sha256": sha256},
            )
        elif sha256 != locked.file_sha256:
            raise FileChanged(f"batch {locked.number}: {sha256} is not {locked.file_sha256}")
    batch.refresh_from_db()
    return data


def download_bank_file(batch: PaymentBatch, *, actor: User, at: datetime) -> bytes:
    """The bank file that was sent, once more; who took it and its SHA-256 stand in the log.

    Raises as `write_bank_file`; nothing is given out that is not logged.
    """
    with transaction.atomic():
        data = write_bank_file(batch, actor=actor, at=at)
        BatchTransition.objects.create(
            subject=batch,
            action=DOWNLOADED,
            from_state=batch.state,
            to_state=batch.state,
            actor=actor,
            at=at,
            note=f"SHA-256 {batch.file_sha256}",
        )
    return data


def read_bank_return(batch: PaymentBatch, data: bytes, *, actor: User, at: datetime) -> ReadReturn:
    """Book what the bank says about a sent batch's orders; all of the file or nothing.

    The file may cover part of the batch. Paid orders are posted by payer and layer:

        Dr benefits payable / Cr expenditure account

    The batch closes with its last order. Raises NotPermitted, StateConflict, or ReturnRefused
    with every line that does not fit.
    """
    with transaction.atomic():
        locked = PaymentBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
        if not actor.has_perm("claims.exchange_bank_files"):
            raise _not_permitted(_("read bank returns"))
        if locked.state != BatchState.SENT:
            raise StateConflict(
                _("Batch %(batch)s is “%(state)s”: only a sent batch has a return.")
                % {"batch": locked.number, "state": locked.get_state_display()}
            )
        try:
            lines = read_lines(data)
        except BadReturn as bad:
            raise ReturnRefused(bad.problems) from bad
        orders = {
            order.number: order
            for order in PaymentOrder.objects.filter(batch=locked).defer("account_no")
        }
        problems = _problems(
            lines,
            orders,
            first=timezone.localdate(locked.created_at),
            today=timezone.localdate(at),
        )
        if problems:
            raise ReturnRefused(problems)
        result = _book(locked, lines, orders, data, actor=actor, at=at)
    batch.refresh_from_db()
    return result


def _problems(
    lines: list[ReturnLine], orders: dict[str, PaymentOrder], *, first: date, today: date
) -> list[str]:
    """Why the file does not fit the batch, line by line; days from `first` to `today` can be."""
    if not lines:
        return [_("The file has no lines: choose the bank's return of this batch.")]
    problems: list[str] = []
    met: dict[str, int] = {}
    for line in lines:
        order = orders.get(line.order)
        if line.order in met:
            problem = _("order %(order)s stands in line %(first)s already: ask the bank which") % {
                "order": line.order,
                "first": met[line.order],
            }
        elif order is None:
            problem = _("order %(order)s is not of this batch: choose the right batch or file") % {
                "order": line.order[:40]
            }
        elif order.state != OrderState.BATCHED:
            problem = _("order %(order)s is “%(state)s” already: was this file read before?") % {
                "order": line.order,
                "state": order.get_state_display(),
            }
        elif line.amount is not None and line.amount != order.amount:
            problem = _(
                "the bank names %(given)s, order %(order)s is over %(due)s: ask the bank"
            ) % {
                "given": line.amount,
                "order": line.order,
                "due": order.amount,
            }
        elif line.on > today:
            problem = _("the date %(day)s lies in the future: ask the bank") % {"day": line.on}
        elif line.on < first:
            problem = _("the date %(day)s lies before the batch: ask the bank") % {"day": line.on}
        else:
            problem = ""
        met.setdefault(line.order, line.line)
        if problem:
            problems.append(
                _("Line %(line)s: %(problem)s") % {"line": line.line, "problem": problem}
            )
    return problems


def _book(
    batch: PaymentBatch,
    lines: list[ReturnLine],
    orders: dict[str, PaymentOrder],
    data: bytes,
    *,
    actor: User,
    at: datetime,
) -> ReadReturn:
    paid_on = {orders[line.order].pk: line.on for line in lines if line.paid}
    total = sum((orders[line.order].amount for line in lines if line.paid), ZERO)
    values: dict[str, Any] = {
        "batch": batch.pk,
        "ids": [orders[line.order].pk for line in lines],
        "states": [(OrderState.PAID if line.paid else OrderState.FAILED).value for line in lines],
        "days": [line.on if line.paid else None for line in lines],
        "failures": [line.failure for line in lines],
    }
    with connection.cursor() as cursor:
        cursor.execute(DECIDE_ORDERS, values)
    kept = BankReturn.objects.create(
        batch=batch,
        file_sha256=hashlib.sha256(data).hexdigest(),
        read_by=actor,
        read_at=at,
        paid_count=len(paid_on),
        paid_total=total,
        failed_count=len(lines) - len(paid_on),
    )
    _post_payments(kept, paid_on, at=at)
    closed = close_if_decided(batch, actor=actor, at=at)
    return ReadReturn(len(paid_on), kept.failed_count, total, closed)


def _post_payments(kept: BankReturn, paid_on: dict[int, date], *, at: datetime) -> None:
    """One entry per return and day of payment."""
    sums: defaultdict[date, defaultdict[tuple[str, str], Decimal]] = defaultdict(
        lambda: defaultdict(lambda: ZERO)
    )
    shares = OrderShare.objects.filter(order__batch=kept.batch_id).values_list(
        "order_id", "payer", "layer", net_share()
    )
    for order, payer, layer, amount in shares.iterator(chunk_size=5000):
        if order in paid_on and amount:
            sums[paid_on[order]][payer, layer] += amount
    for day in sorted(sums):
        lines = []
        for (payer, layer), amount in sorted(sums[day].items()):
            lines.append(Line(payer, Account.BENEFITS_PAYABLE, debit=amount, layer=layer))
            lines.append(Line(payer, Account.EXPENDITURE_ACCOUNT, credit=amount, layer=layer))
        with translation.override("zh-hans"):  # the books are kept in Chinese
            description = _("Bank return of batch %(batch)s") % {"batch": kept.batch.number}
        post_entry(
            on=day,
            source=SOURCE,
            source_key=f"{kept.pk}:{day}",
            description=description,
            lines=lines,
            at=at,
        )


def _not_permitted(action: str) -> NotPermitted:
    return NotPermitted(
        _("Your role does not include “%(action)s”. Ask the administrator.") % {"action": action}
    )
