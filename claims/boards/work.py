"""How the work stands: claims waiting by state and term, payments that failed or wait."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.intake.models import WAITING, Claim, ClaimState
from claims.intake.states import in_state
from claims.payments.models import OrderState, PaymentOrder
from enrollment.access.models import User
from enrollment.boards.registry import Board, Figure, Row, Table
from enrollment.calendar.selectors import due_on
from enrollment.desk.tags import Tone
from enrollment.values.money import ZERO

# What is due within so many working days is pressing.
NEAR = 5


def claims_waiting(_user: User) -> Board:
    """Undecided claims by state: how many, how old, and how near their term; two statements.

    Both read only what waits, through the index of the queues.
    """
    today = timezone.localdate()
    near = due_on(today, NEAR)
    rows = {
        row["state"]: row
        for row in in_state(Claim.objects.all(), *WAITING)
        .order_by()
        .values("state")
        .annotate(
            count=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            pressing=Count("pk", filter=Q(due_on__gte=today, due_on__lte=near)),
            oldest=Min("entered_at"),
        )
    }
    lines = [_line(state, rows[state], today, near) for state in WAITING if state in rows]
    return Board(
        "waiting",
        _("Claims waiting"),
        table=Table(
            corner=_("State"),
            columns=[
                _("Claims"),
                _("Overdue"),
                _("Due within 5 working days"),
                _("Oldest entered"),
            ],
            rows=lines,
            formula=_("Due dates are those of window claims; a figure opens its claims."),
            nothing=_("No claim is waiting."),
        ),
    )


def _line(state: ClaimState, row: Mapping[str, Any], today: date, near: date) -> Row:
    every = {"state__exact": state.value}
    before = today.fromordinal(today.toordinal() - 1)
    overdue, pressing = row["overdue"], row["pressing"]
    oldest = timezone.localtime(row["oldest"]).date().isoformat()
    return Row(
        state.label,
        [
            Figure("", row["count"], _claims(every.items())),
            Figure(
                "",
                overdue,
                _claims([*every.items(), ("due_on__lte", before.isoformat())]) if overdue else "",
            ),
            Figure(
                "",
                pressing,
                _claims(
                    [
                        *every.items(),
                        ("due_on__gte", today.isoformat()),
                        ("due_on__lte", near.isoformat()),
                    ]
                )
                if pressing
                else "",
            ),
            Figure("", oldest),
        ],
    )


def _claims(query: Iterable[tuple[str, str]]) -> str:
    return f"{reverse('admin:claims_claim_changelist')}?{urlencode(list(query))}"


def payments_stuck(_user: User) -> Board:
    """Orders that the bank failed, that wait for a batch or are at the bank; one statement."""
    states = (OrderState.FAILED, OrderState.PENDING, OrderState.BATCHED)
    rows: dict[str, Mapping[str, Any]] = {
        row["state"]: row
        for row in PaymentOrder.objects.filter(state__in=[state.value for state in states])
        .order_by()
        .values("state")
        .annotate(count=Count("pk"), amount=Sum("amount"))
    }
    lines = []
    for state in states:
        row: Mapping[str, Any] = rows.get(state, {"count": 0, "amount": ZERO})
        url = f"{reverse('admin:claims_paymentorder_changelist')}?state__exact={state.value}"
        tone = Tone.RED if state is OrderState.FAILED and row["count"] else Tone.NEUTRAL
        lines.append(
            Row(
                state.label,
                [Figure("", row["count"], url, tone=tone), Figure("", row["amount"], url)],
            )
        )
    return Board(
        "payments",
        _("Payments under way"),
        table=Table(_("State"), [_("Orders"), _("Amount")], lines),
    )
