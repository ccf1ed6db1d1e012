"""Reading a resident's settled year: the facts of today and the results that hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum

from claims.chunks.calculation import ClaimRow
from claims.chunks.facts import COLUMNS
from claims.corrections.models import Revision, RevisionLayer
from claims.corrections.recalculation import LayerKey, Standing
from claims.intake.models import Claim
from claims.settlement.models import (
    AccumulatorMovement,
    LayerPayment,
    SettledClaim,
    SettlementRun,
)
from enrollment.values.money import to_fen

SETTLED_FACTS = f"""
    SELECT {COLUMNS}
      FROM claims_claim c JOIN enrollment_institution i ON i.id = c.institution_id
     WHERE c.person_id = %(person)s AND c.state IN ('settled', 'reversed')
       AND c.discharged_on BETWEEN %(first)s AND %(last)s
     ORDER BY c.discharged_on, c.number
"""  # noqa: S608 - constant text


class Payee(NamedTuple):
    """Who was paid for a claim: the resident, or the institution of an upload."""

    person_id: int | None
    institution_id: int | None


@dataclass(frozen=True)
class Year:
    """A resident's settled claims of one benefit year in the order of calculation.

    `schemes` are the codes they were settled by, `is_posted` whether every run is finished.
    """

    standings: tuple[Standing, ...]
    schemes: frozenset[str]
    is_posted: bool

    @property
    def payees(self) -> Mapping[int, Payee]:
        """Who was paid for each claim."""
        rows = (one.row for one in self.standings)
        return {
            row.claim_id: payee_of(row.source, row.person_id, row.institution_id) for row in rows
        }

    @property
    def institutions(self) -> Mapping[int, int]:
        """Where each claim arose."""
        return {one.row.claim_id: one.row.institution_id for one in self.standings}


def load_year(person_id: int, year: int) -> Year:
    """The year as it stands; six statements. For writing, hold the lock on the resident."""
    days: dict[str, Any] = {
        "person": person_id,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLED_FACTS, days)
        rows = [ClaimRow._make(row) for row in cursor.fetchall()]
    ids = [row.claim_id for row in rows]
    settled = {one.pk: one for one in SettledClaim.objects.filter(pk__in=ids).select_related("run")}
    latest = latest_revisions(ids)
    paid = _paid(ids, latest)
    moved = _moved(ids)
    standings = []
    for row in rows:
        result, revision = settled[row.claim_id], latest.get(row.claim_id)
        standings.append(
            Standing(
                row=row,
                paid=paid[row.claim_id],
                moved=moved[row.claim_id],
                steps=revision.steps if revision else result.steps,
                version=(
                    revision.correction.policy_version if revision else result.run.policy_version
                ),
                is_reversed=bool(revision and revision.is_reversed),
            )
        )
    runs = [one.run for one in settled.values()]
    return Year(
        tuple(standings),
        frozenset(run.scheme for run in runs),
        all(run.state == SettlementRun.State.POSTED for run in runs),
    )


def latest_revisions(claim_ids: Iterable[int]) -> dict[int, Revision]:
    """The revision that holds of each claim that has one, with its correction; one statement."""
    found = (
        Revision.objects.filter(settled__in=list(claim_ids))
        .select_related("correction")
        .order_by("settled_id", "number")
    )
    return {revision.settled_id: revision for revision in found}


def payee_of(source: str, person_id: int, institution_id: int) -> Payee:
    """Who is paid for a claim of that source."""
    if source == Claim.Source.WINDOW:
        return Payee(person_id, None)
    return Payee(None, institution_id)


def _paid(ids: list[int], latest: Mapping[int, Revision]) -> dict[int, dict[LayerKey, int]]:
    """What each layer pays now: of the latest revision, else of the settlement."""
    paid: defaultdict[int, dict[LayerKey, int]] = defaultdict(dict)
    first = [claim for claim in ids if claim not in latest]
    for claim, layer, payer, amount in LayerPayment.objects.filter(settled__in=first).values_list(
        "settled_id", "layer", "payer", "paid"
    ):
        paid[claim][layer, payer] = to_fen(amount)
    revised = RevisionLayer.objects.filter(revision__in=latest.values(), after__gt=0)
    for claim, layer, payer, amount in revised.values_list(
        "revision__settled_id", "layer", "payer", "after"
    ):
        paid[claim][layer, payer] = to_fen(amount)
    return paid


def _moved(ids: list[int]) -> dict[int, dict[str, int]]:
    """What each claim has moved, corrections included."""
    moved: defaultdict[int, dict[str, int]] = defaultdict(dict)
    sums = (
        AccumulatorMovement.objects.filter(settled__in=ids)
        .order_by()
        .values_list("settled_id", "counter")
        .annotate(Sum("amount"))
    )
    for claim, counter, amount in sums:
        moved[claim][counter] = to_fen(amount)
    return moved
