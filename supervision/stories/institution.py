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
from enrollment.desk.tags import Tone
from enrollment.models import Institution
from enrollment.stories.sections import Event, Told
from enrollment.values.money import ZERO
from supervision.articles.wording import code_and_title
from supervision.cases.models import Case
from supervision.dossier.cases import CASE_TONES
from supervision.inspections.models import Finding, Visit, VisitState
from supervision.penalties.selectors import fines_with_open, recoveries_with_open
from supervision.stories.person import event_of, line_of

ROWS_SHOWN = 50


def visits_of(institution: Institution, user: User) -> Told:
    """The newest visits with the number of their findings; one statement."""
    rows = list(
        visible_to(Visit.objects.filter(institution=institution), user)
        .select_related("inspector", "second_inspector")
        .annotate(found=Count("findings"))
        .order_by("-visited_on", "-id")[:ROWS_SHOWN]
    )
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
    return Told({"rows": rows}, len(rows), events)


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
    """A case with its article in words."""

    row: Case
    item: str
    tone: Tone


def cases_of(institution: Institution, user: User) -> Told:
    """The newest cases; one statement."""
    mine = visible_to(Case.objects.filter(institution=institution), user)
    rows = list(mine.order_by("-id")[:ROWS_SHOWN])
    lines = [CaseLine(row, code_and_title(row.article_code), CASE_TONES[row.state]) for row in rows]
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
class LedgerSums:
    """One ledger of an institution in yuan: open = amount − received."""

    amount: Decimal
    received: Decimal
    open: Decimal


def _ledger(
    rows_with_open: Callable[[], QuerySet[Any]], url_name: str
) -> Callable[[Institution, User], Told]:
    """A section of one ledger: its orders, and their sums; two statements."""

    def told(institution: Institution, user: User) -> Told:
        mine = visible_to(rows_with_open().filter(institution=institution), user)
        rows: Sequence[Any] = list(mine.select_related("case").order_by("-id")[:ROWS_SHOWN])
        sums = mine.order_by().aggregate(
            owed=Sum("amount", default=ZERO),
            came=Sum("received", default=ZERO),
            left=Sum("open_amount", default=ZERO),
        )
        facts = {
            "rows": [(row, reverse(url_name, args=[row.pk])) for row in rows],
            "sums": LedgerSums(sums["owed"], sums["came"], sums["left"]),
        }
        return Told(facts, len(rows))

    return told


recoveries_of = _ledger(recoveries_with_open, "admin:supervision_recovery_change")
fines_of = _ledger(fines_with_open, "admin:supervision_fine_change")
