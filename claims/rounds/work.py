"""What a worker does with a round: year by year, each in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import translation

from claims.corrections.models import CorrectionState
from claims.corrections.services import (
    approve_correction,
    propose_correction,
    reject_correction,
)
from claims.rounds.locks import working_on
from claims.rounds.models import CorrectionRound, RoundState, RoundTransition, RoundYear
from claims.rounds.states import ROUND_TRANSITIONS
from enrollment.transitions.table import TransitionRefused, move

Outcome = RoundYear.Outcome
# What a year brings in a state of the round: outcome, correction, detail.
Done = tuple[str, int | None, str]


def work_on_round(round_id: int, *, at: datetime) -> str:
    """Do what is left to do in the round's state; what the Celery task calls. Returns the state.

    Safe to call again: years that are done are left alone, and a round that another worker has
    in hand as well.
    """
    with working_on(round_id) as mine:
        one = CorrectionRound.objects.filter(pk=round_id).first()
        if one is None or not mine:
            return one.state if one else ""
        with translation.override("zh-hans"):  # what is stored is kept in Chinese
            if one.state == RoundState.SEARCHING:
                _each(one, Outcome.WAITING, _calculate(one, at))
                proposed = one.years.filter(outcome=Outcome.PROPOSED).exists()
                _step(one, "finish" if proposed else "close", at)
            elif one.state in (RoundState.POSTING, RoundState.REJECTING):
                _each(one, Outcome.PROPOSED, _decide(one, at))
                _step(one, "close", at)
        return one.state


def _each(one: CorrectionRound, waiting: str, work: Callable[[RoundYear], Done]) -> None:
    ids = list(one.years.filter(outcome=waiting).order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            row = (
                RoundYear.objects.select_for_update(no_key=True, of=("self",))
                .select_related("person", "correction")
                .get(pk=pk)
            )
            row.outcome, row.correction_id, detail = work(row)
            row.detail = detail[:500]
            row.save(update_fields=["outcome", "correction", "detail"])


def _calculate(one: CorrectionRound, at: datetime) -> Callable[[RoundYear], Done]:
    def calculate(row: RoundYear) -> Done:
        try:
            with transaction.atomic():
                made = propose_correction(
                    row.person,
                    row.year,
                    cause=one.cause,
                    note=f"{one}: {one.note}"[:500],
                    document=one.document,
                    actor=one.started_by,
                    at=at,
                )
        except TransitionRefused as refused:
            return Outcome.REFUSED, None, str(refused)
        if made.correction is None:
            return Outcome.UNCHANGED, None, ""
        if not made.created:
            return Outcome.APART, made.correction.pk, ""
        return Outcome.PROPOSED, made.correction.pk, ""

    return calculate


def _decide(one: CorrectionRound, at: datetime) -> Callable[[RoundYear], Done]:
    decision = RoundTransition.objects.filter(subject=one).select_related("actor").latest("pk")
    actor = decision.actor
    if actor is None:
        raise LookupError(f"round {one}: nobody decided it")

    def decide(row: RoundYear) -> Done:
        correction = row.correction
        if correction is None or correction.state != CorrectionState.PROPOSED:
            return Outcome.APART, row.correction_id, ""
        try:
            with transaction.atomic():
                if one.state == RoundState.POSTING:
                    approve_correction(correction, actor=actor, at=at)
                    return Outcome.POSTED, correction.pk, ""
                reject_correction(correction, actor=actor, at=at, note=decision.note)
        except TransitionRefused as refused:
            return Outcome.STALE, correction.pk, str(refused)
        return Outcome.REJECTED, correction.pk, ""

    return decide


def _step(one: CorrectionRound, action: str, at: datetime) -> None:
    move(one, action, ROUND_TRANSITIONS, RoundTransition, actor=None, at=at)
