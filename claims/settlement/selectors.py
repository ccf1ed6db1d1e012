"""Reading runs: progress, results by institution, held claims."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, QuerySet
from django.urls import reverse

from claims.ledger.models import Payer
from claims.settlement.locks import is_driven
from claims.settlement.models import HeldClaim, SettlementRun
from claims.settlement.posting import SOURCE
from claims.settlement.services import RunResult, result_of
from enrollment.values.money import ZERO

SHOWN_HELD = 200

RESULTS = f"""
    WITH said AS (
        SELECT s.institution_id, l.layer, l.payer, l.paid, 0 AS corrected
          FROM claims_settledclaim s JOIN claims_layerpayment l ON l.settled_id = s.claim_id
         WHERE s.run_id = %(run)s
        UNION ALL
        SELECT s.institution_id, v.layer, v.payer, NULL, v.after - v.before
          FROM claims_settledclaim s
          JOIN claims_revision r ON r.settled_id = s.claim_id
          JOIN claims_revisionlayer v ON v.revision_id = r.id
         WHERE s.run_id = %(run)s)
    SELECT i.id, i.name, l.layer, l.payer, count(l.paid), coalesce(sum(l.paid), 0),
           sum(l.corrected), e.number
      FROM said l
      JOIN enrollment_institution i ON i.id = l.institution_id
      LEFT JOIN claims_entry e ON e.source = '{SOURCE}'
       AND e.source_key = concat_ws(':', %(run)s, l.institution_id, l.layer, l.payer)
     GROUP BY i.id, i.name, l.layer, l.payer, e.number
     ORDER BY i.name, i.id, l.layer, l.payer
"""  # noqa: S608 - constant text


@dataclass(frozen=True)
class ResultLine:
    """What one layer paid with one payer's money at one institution, in yuan.

    `corrected` is what later corrections of the same claims added, below zero took back; `run`
    is the run's key.
    """

    run: int
    institution_id: int
    institution: str
    layer: str
    payer: str
    claims: int
    paid: Decimal
    corrected: Decimal
    entry: int | None

    @property
    def payer_label(self) -> str:
        """The payer in words."""
        return str(Payer(self.payer).label)

    @property
    def stands(self) -> Decimal:
        """What it pays now."""
        return self.paid + self.corrected

    @property
    def url(self) -> str:
        """The list of the claims behind it."""
        return line_url(self.run, self.institution_id, self.layer)


def line_url(run: Any, institution: Any, layer: str) -> str:
    """The list of a run's claims at one institution on which one layer pays."""
    query = {"run__id__exact": run, "institution__id__exact": institution, "layer": layer}
    return f"{reverse('admin:claims_settledclaim_changelist')}?{urlencode(query)}"


@dataclass(frozen=True)
class RunProgress:
    """How far a run is; `is_alive` whether a process drives it now."""

    run: SettlementRun
    done: int
    found: int
    is_alive: bool

    @property
    def is_running(self) -> bool:
        """Not posted yet."""
        return self.run.state == SettlementRun.State.RUNNING


@dataclass(frozen=True)
class RunPage:
    """All that the page of a run shows."""

    progress: RunProgress
    result: RunResult
    lines: list[ResultLine]
    held: list[HeldClaim]
    held_reasons: list[tuple[str, int]]

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.paid for line in self.lines), ZERO)

    @property
    def corrected(self) -> Decimal:
        """What corrections changed in all."""
        return sum((line.corrected for line in self.lines), ZERO)

    @property
    def stands(self) -> Decimal:
        """What the lines pay now."""
        return self.total + self.corrected

    @property
    def is_corrected(self) -> bool:
        """Whether a correction changed one of the lines."""
        return any(line.corrected for line in self.lines)


def run_progress(run: SettlementRun) -> RunProgress:
    """Three statements while it runs, none when it is posted."""
    if run.state == SettlementRun.State.POSTED:
        return RunProgress(run, run.claims_found, run.claims_found, False)
    done = run.settled.count() + run.held.count()
    return RunProgress(run, min(done, run.claims_found), run.claims_found, is_driven())


def run_page(run: SettlementRun) -> RunPage:
    """Results by institution, layer and payer, and the first held claims."""
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, {"run": run.pk})
        lines = [ResultLine(run.pk, *row) for row in cursor.fetchall()]
    reasons = run.held.order_by().values_list("reason").annotate(count=Count("pk"))
    return RunPage(
        progress=run_progress(run),
        result=result_of(run),
        lines=lines,
        held=list(run.held.select_related("claim__person").order_by("pk")[:SHOWN_HELD]),
        held_reasons=sorted(reasons),
    )


def unfinished_runs() -> QuerySet[SettlementRun]:
    """At most one."""
    return SettlementRun.objects.filter(state=SettlementRun.State.RUNNING)
