"""Starting a round, deciding it, giving it to a worker again."""

from datetime import date, datetime

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from claims.corrections.finders import (
    TouchedYear,
    years_before_version,
    years_out_of_order,
    years_with_identity,
)
from claims.corrections.models import Cause
from claims.policies.selectors import NoPolicyApproved, scheme_in_force
from claims.rounds.locks import is_in_work
from claims.rounds.models import CorrectionRound, RoundState, RoundTransition, RoundYear
from claims.rounds.states import AT_WORK, ROUND_TRANSITIONS
from enrollment.access.models import User
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    StateConflict,
    TransitionRefused,
    move,
)

TASK = "claims.work_on_round"


def years_touched(cause: str, scheme: str, version: int, since: date) -> list[TouchedYear]:
    """The settled years of a scheme that the cause may have touched; one statement."""
    if cause == Cause.POLICY:
        return years_before_version(scheme, version, since)
    if cause == Cause.LATE_BILL:
        return years_out_of_order(scheme, since)
    return years_with_identity(scheme, since)


def start_round(
    *,
    cause: str,
    scheme: str,
    since: date,
    note: str,
    document: str,
    actor: User,
    at: datetime,
) -> CorrectionRound:
    """Find the years that a cause may have touched and let a worker calculate each anew.

    `cause` is an identity, a policy or a late bill, `since` the first day of discharge,
    inclusive. Raises NotPermitted, ReasonMissing without a note, StateConflict while a round
    of the same cause is open, TransitionRefused when no settled year can be touched or no
    policy is approved.
    """
    if not actor.has_perm("claims.propose_correction"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("propose corrections")}
        )
    if not note.strip():
        raise ReasonMissing(_("Say why: the next person needs to know."))
    try:
        version = scheme_in_force(scheme).version
    except NoPolicyApproved as refused:
        raise TransitionRefused(str(refused)) from refused
    with transaction.atomic():
        open_ones = CorrectionRound.objects.filter(cause=cause, scheme=scheme)
        if (found := open_ones.exclude(state=RoundState.DONE).first()) is not None:
            raise StateConflict(
                _("Round %(number)s for this cause is still open: decide it first.")
                % {"number": found}
            )
        years = years_touched(cause, scheme, version, since)
        if not years:
            raise TransitionRefused(_("No settled year of this scheme can be touched by it."))
        made = CorrectionRound.objects.create(
            cause=cause,
            scheme=scheme,
            policy_version=version,
            since=since,
            note=note.strip(),
            document=document.strip(),
            years_found=len(years),
            started_by=actor,
            started_at=at,
        )
        RoundYear.objects.bulk_create(
            (
                RoundYear(round=made, person_id=one.person_id, year=one.year, claims=one.claims)
                for one in years
            ),
            batch_size=5000,
        )
        RoundTransition.objects.create(
            subject=made,
            action="start",
            from_state="",
            to_state=made.state,
            actor=actor,
            at=at,
            note=made.note,
        )
        transaction.on_commit(lambda: send(made.pk))
    return made


def approve_round(one: CorrectionRound, *, actor: User, at: datetime) -> None:
    """Let a worker approve every proposal of the round in the actor's name."""
    with transaction.atomic():
        move(one, "approve", ROUND_TRANSITIONS, RoundTransition, actor=actor, at=at)
        transaction.on_commit(lambda: send(one.pk))


def reject_round(one: CorrectionRound, *, actor: User, at: datetime, note: str) -> None:
    """Let a worker reject every proposal of the round in the actor's name, with the reason."""
    with transaction.atomic():
        move(one, "reject", ROUND_TRANSITIONS, RoundTransition, actor=actor, at=at, note=note)
        transaction.on_commit(lambda: send(one.pk))


def start_again(one: CorrectionRound, *, actor: User) -> None:
    """Give an interrupted round to a worker again: it goes on where it stood.

    Raises NotPermitted, StateConflict when there is nothing to do or a worker has it in hand,
    TransitionRefused when the queue does not answer.
    """
    allowed = ("claims.propose_correction", "claims.approve_correction")
    if not any(actor.has_perm(permission) for permission in allowed):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("propose corrections")}
        )
    current = CorrectionRound.objects.get(pk=one.pk)
    if current.state not in AT_WORK:
        raise StateConflict(_("No worker is needed for this round now."))
    if is_in_work(current.pk):
        raise StateConflict(_("A worker has this round in hand: wait for it."))
    if not send(current.pk):
        raise TransitionRefused(
            _("The queue does not answer. Ask the operator to start it, then try again.")
        )


def send(round_id: int) -> bool:
    """Hand the round to whichever worker is free; False when the queue does not answer."""
    try:
        current_app.send_task(TASK, args=[round_id])
    except OperationalError:
        return False
    return True
