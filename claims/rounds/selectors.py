"""How far a round is, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from claims.rounds.locks import is_in_work
from claims.rounds.models import CorrectionRound, RoundState, RoundYear
from claims.rounds.states import AT_WORK
from enrollment.values.money import ZERO

SHOWN_YEARS = 100
# A worker that is free takes a round within a moment.
_PATIENCE = timedelta(seconds=15)


@dataclass(frozen=True)
class OutcomeLine:
    """The years of one outcome: how many, and what their corrections pay and ask back, in yuan."""

    outcome: str
    label: str
    years: int
    pays: Decimal
    recovers: Decimal


@dataclass(frozen=True)
class RoundProgress:
    """How far the worker is; `is_alive` whether one has the round in hand now."""

    round: CorrectionRound
    done: int
    found: int
    is_alive: bool
    is_waiting: bool

    @property
    def is_working(self) -> bool:
        """Something is left to do for a worker."""
        return self.round.state in AT_WORK


def round_progress(one: CorrectionRound, now: datetime) -> RoundProgress:
    """Three statements while a worker is needed, none else."""
    if one.state not in AT_WORK:
        return RoundProgress(one, one.years_found, one.years_found, False, False)
    outcome = RoundYear.Outcome
    if one.state == RoundState.SEARCHING:
        found = one.years_found
        left = one.years.filter(outcome=outcome.WAITING).count()
    else:
        kept = (outcome.PROPOSED, outcome.POSTED, outcome.REJECTED, outcome.STALE)
        found = one.years.filter(outcome__in=kept).count()
        left = one.years.filter(outcome=outcome.PROPOSED).count()
    return RoundProgress(
        one, found - left, found, is_in_work(one.pk), now - one.started_at <= _PATIENCE
    )


def outcomes_of(one: CorrectionRound) -> list[OutcomeLine]:
    """Years by outcome with the sums of their corrections; one statement."""
    rows = {
        row["outcome"]: row
        for row in one.years.order_by()
        .values("outcome")
        .annotate(
            years=Count("pk"),
            pays=Sum("correction__pays", default=ZERO),
            recovers=Sum("correction__recovers", default=ZERO),
        )
    }
    return [
        OutcomeLine(
            outcome.value,
            str(outcome.label),
            rows[outcome.value]["years"],
            rows[outcome.value]["pays"],
            rows[outcome.value]["recovers"],
        )
        for outcome in RoundYear.Outcome
        if outcome.value in rows
    ]


def first_changes(one: CorrectionRound) -> Sequence[RoundYear]:
    """The first years that change or cannot be calculated, in the order of the residents."""
    return list(
        one.years.exclude(outcome__in=[RoundYear.Outcome.UNCHANGED, RoundYear.Outcome.WAITING])
        .select_related("person", "correction")
        .order_by("pk")[:SHOWN_YEARS]
    )
