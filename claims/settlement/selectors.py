"""Reading runs: progress, results by institution, held claims."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet

from claims.ledger.models import Payer
from claims.settlement.locks import is_driven
from claims.settlement.models import HeldClaim, SettlementRun
from claims.settlement.posting import SOURCE
from claims.settlement.services import RunResult, result_of
from enrollment.values.money import ZERO

SHOWN_HELD = 200

RESULTS = f"""
    SELECT i.id, i.name, l.layer, l.payer, count(*), sum(l.paid), e.number
      FROM claims_settledclaim s
      JOIN claims_layerpayment l ON l.settled_id = s.claim_id
      JOIN enrollment_institution i ON i.id = s.institution_id
      LEFT JOIN claims_entry e ON e.source = '{SOURCE}'
       AND e.source_key = concat_ws(':', s.run_id, s.institution_id, l.layer, l.payer)
     WHERE s.run_id = %s
     GROUP BY i.id, i.name, l.layer, l.payer, e.number
     ORDER BY i.name, i.id, l.layer, l.payer
"""  # noqa: S608 - constant text


@dataclass(frozen=True)
class ResultLine:
    """What one layer paid with one payer's money at one institution, in yuan."""

    institution_id: int
    institution: str
    layer: str
    payer: str
    claims: int
    paid: Decimal
    entry: int | None

    @property
    def payer_label(self) -> str:
        """The payer in words."""
        return str(Payer(self.payer).label)


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


def run_progress(run: SettlementRun) -> RunProgress:
    """Three statements while it runs, none when it is posted."""
    if run.state == SettlementRun.State.POSTED:
        return RunProgress(run, run.claims_found, run.claims_found, False)
    done = run.settled.count() + run.held.count()
    return RunProgress(run, min(done, run.claims_found), run.claims_found, is_driven())


def run_page(run: SettlementRun) -> RunPage:
    """Results by institution, layer and payer, and the first held claims."""
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, [run.pk])
        lines = [ResultLine(*row) for row in cursor.fetchall()]
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
