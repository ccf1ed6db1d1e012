"""An institution's visits, findings and cases, and the two ledgers that are never netted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.tags import Label, Tone
from enrollment.models import Institution
from enrollment.stories.sections import Event, Told
from enrollment.values.money import ZERO, format_yuan
from supervision.articles.wording import code_and_title
from supervision.cases.models import Case
from supervision.dossier.cases import CASE_TONES
from supervision.inspections.models import Finding, Visit, VisitState
from supervision.penalties.models import Fine, Recovery
from supervision.penalties.selectors import fines_with_open, recoveries_with_open
from supervision.stories.person import event_of, line_of
from supervision.sums.addresses import (
    behind_fine,
    behind_loss,
    behind_order,
    behind_receipts,
    behind_recovery,
    behind_visit,
    listed,
    order_page,
)

ROWS_SHOWN = 50


def visits_of(institution: Institution, user: User) -> Told:
    """The newest visits with the number of their findings; one statement."""
    rows = list(
        visible_to(Visit.objects.filter(institution=institution), user)
        .select_related("inspector", "second_inspector")
        .annotate(found=Count("findings"))
        .order_by("-visited_on", "-id")[:ROWS_SHOWN]
    )
    lines = [(row, behind_visit(row, user)) for row in rows]
    events = [
        Event(
            row.visited_on,
            _("Inspection visit"),
            row.get_source_display(),
            reverse("admin:supervision_visit_change", args=[row.pk]),
            Tone.BLUE,
        )
        for row in rows
        if row.state == VisitState.DONE
    ]
    return Told({"lines": lines}, len(rows), events)


def findings_of(institution: Institution, user: User) -> Told:
    """The newest findings and what was made of each; one statement."""
    rows = (
        visible_to(Finding.objects.filter(visit__institution=institution), user)
        .select_related("visit", "case", "recovery")
        .order_by("-id")[:ROWS_SHOWN]
    )
    lines = [line_of(row) for row in rows]
    return Told({"lines": lines}, len(lines), [event_of(line.row) for line in lines])


@dataclass(frozen=True)
class CaseLine:
    """A case with its article in words, and the rows behind its amounts; "" for no link."""

    row: Case
    item: str
    tone: Tone
    loss_url: str
    recovery_url: str
    fine_url: str


def cases_of(institution: Institution, user: User) -> Told:
    """The newest cases; one statement."""
    mine = visible_to(Case.objects.filter(institution=institution), user)
    rows = list(mine.order_by("-id")[:ROWS_SHOWN])
    lines = [
        CaseLine(
            row,
            code_and_title(row.article_code),
            CASE_TONES[row.state],
            behind_loss(row, user),
            behind_recovery(row, user),
            behind_fine(row, user),
        )
        for row in rows
    ]
    events = []
    for row in rows:
        url = reverse("admin:supervision_case_change", args=[row.pk])
        steps = (
            (row.opened_on, _("Case filed"), Tone.AMBER),
            (row.notified_on, _("Party notified"), Tone.AMBER),
            (row.decided_on, _("Case decided"), Tone.RED),
            (row.closed_on, _("Case closed"), Tone.NEUTRAL),
        )
        events += [Event(on, what, row.number, url, tone) for on, what, tone in steps if on]
    return Told({"lines": lines}, len(lines), events)


@dataclass(frozen=True)
class LedgerLine:
    """A recovery or a fine, its page, and the rows behind its amount; "" for no link."""

    row: Any
    url: str
    amount_url: str
    receipts_url: str


@dataclass(frozen=True)
class LedgerSums:
    """One ledger of an institution in yuan: open = amount − received; `url` lists the rows."""

    amount: Decimal
    received: Decimal
    open: Decimal
    url: str


def _ledger(
    rows_with_open: Callable[[], QuerySet[Any]], model: str, ordered: Label, received: Label
) -> Callable[[Institution, User], Told]:
    """A section of one ledger: its orders, their sums and their receipts; three statements.

    The timeline is told when each was `ordered` and when money for it was `received`.
    """

    def told(institution: Institution, user: User) -> Told:
        mine = visible_to(rows_with_open().filter(institution=institution), user)
        rows: Sequence[Any] = list(
            mine.select_related("case").prefetch_related("receipts").order_by("-id")[:ROWS_SHOWN]
        )
        sums = mine.order_by().aggregate(
            owed=Sum("amount", default=ZERO),
            came=Sum("received", default=ZERO),
            left=Sum("open_amount", default=ZERO),
        )
        facts = {
            "lines": [
                LedgerLine(
                    row, order_page(row, user), behind_order(row, user), behind_receipts(row, user)
                )
                for row in rows
            ],
            "sums": LedgerSums(
                sums["owed"],
                sums["came"],
                sums["left"],
                listed(model, user, institution=institution.pk),
            ),
        }
        events = []
        for row in rows:
            page = order_page(row, user)
            events.append(
                Event(row.decided_on, ordered, _number_and_yuan(row, row), page, Tone.RED)
            )
            events += [
                Event(
                    receipt.received_on,
                    received,
                    _number_and_yuan(row, receipt),
                    behind_receipts(row, user),
                    Tone.GREEN,
                )
                for receipt in row.receipts.all()
            ]
        return Told(facts, len(rows), events)

    return told


def _number_and_yuan(order: Recovery | Fine, money: Any) -> str:
    """The document of an order and an amount of it in yuan, as the timeline shows them."""
    return f"{order.number} · {format_yuan(money.amount)}"


recoveries_of = _ledger(
    recoveries_with_open, "recovery", _("Recovery ordered"), _("Returned to the fund")
)
fines_of = _ledger(fines_with_open, "fine", _("Fine imposed"), _("Fine paid to the treasury"))
