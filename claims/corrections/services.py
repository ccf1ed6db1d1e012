"""Proposing and deciding corrections. Nothing settled is edited: differences are added."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.benefit.scheme import Scheme
from claims.corrections.models import (
    Cause,
    Correction,
    CorrectionState,
    CorrectionTransition,
)
from claims.corrections.posting import post_correction
from claims.corrections.recalculation import (
    CannotRecalculate,
    Change,
    as_data,
    from_data,
    recalculate,
    sides_by,
)
from claims.corrections.selectors import Year, load_year
from claims.corrections.states import CORRECTION_TRANSITIONS
from claims.intake.models import Claim
from claims.policies.selectors import scheme_in_force
from claims.review.holding import held_because, stored_reason
from enrollment.access.models import User
from enrollment.models import Person
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused, move
from enrollment.values.money import from_fen


class NothingSettled(TransitionRefused):
    """The resident has no settled claim in the year."""


class PreviewStale(StateConflict):
    """The year has moved on since the proposal."""


@dataclass(frozen=True)
class Calculation:
    """A year calculated anew by `scheme` in its `version`."""

    year: Year
    scheme: Scheme
    version: int
    changes: list[Change]


@dataclass(frozen=True)
class Proposed:
    """`correction` is None when nothing changes; `created` tells a new one from a known one."""

    correction: Correction | None
    created: bool


def calculate_year(person: Person, year: int, reverse: Collection[int] = ()) -> Calculation:
    """Calculate a resident's settled year anew by the scheme in force; writes nothing.

    Raises NothingSettled, or TransitionRefused when a run is unfinished, the claims are of
    several schemes, a claim to reverse is none of the year, or one cannot be calculated.
    """
    found = load_year(person.pk, year)
    if not found.standings:
        raise NothingSettled(_("There is no settled claim of %(year)s.") % {"year": year})
    if not found.is_posted:
        raise TransitionRefused(
            _("A settlement of this resident's claims is unfinished: wait until it is posted.")
        )
    if len(found.schemes) > 1:
        raise TransitionRefused(
            _(
                "The claims of %(year)s were settled by several schemes (%(codes)s): they cannot "
                "be calculated as one year."
            )
            % {"year": year, "codes": ", ".join(sorted(found.schemes))}
        )
    open_ones = {one.row.claim_id for one in found.standings if not one.is_reversed}
    if set(reverse) - open_ones:
        raise TransitionRefused(
            _("A claim to reverse is not settled in %(year)s or is reversed already.")
            % {"year": year}
        )
    policy = scheme_in_force(min(found.schemes))
    try:
        changes = recalculate(policy.scheme, found.standings, reverse)
    except CannotRecalculate as error:
        reason = held_because(stored_reason(error.hold.reason, error.hold.detail))
        raise TransitionRefused(
            _("Claim %(claim)s cannot be calculated anew: %(reason)s")
            % {"claim": Claim.objects.get(pk=error.hold.claim_id).number, "reason": reason}
        ) from error
    return Calculation(found, policy.scheme, policy.version, changes)


def propose_correction(
    person: Person,
    year: int,
    *,
    cause: str,
    note: str,
    actor: User | None,
    at: datetime,
    document: str = "",
    reverse: Collection[int] = (),
) -> Proposed:
    """Calculate a year anew and propose the differences; `reverse` names claims to take back.

    Proposing the same again finds the open proposal, and nothing when all is as it should be.
    `actor` None is a command. Raises NotPermitted, StateConflict when another proposal of the
    year is open, and what `calculate_year` raises.
    """
    if actor is not None and not actor.has_perm("claims.propose_correction"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("propose corrections")}
        )
    if not note.strip():
        raise TransitionRefused(_("Say why: the next person needs to know."))
    if (cause == Cause.REVERSAL) != bool(reverse):
        raise TransitionRefused(
            _("Choose the claims to reverse, and “claim reversed” as the cause.")
        )
    with transaction.atomic():
        _lock(person)
        done = calculate_year(person, year, reverse)
        data = as_data(done.changes)
        standing = Correction.objects.filter(
            person=person, year=year, state=CorrectionState.PROPOSED
        ).first()
        if standing is not None:
            if (standing.preview, standing.policy_version) == (data, done.version):
                return Proposed(standing, created=False)
            raise StateConflict(
                _("Correction %(number)s of this year is still open: decide or withdraw it first.")
                % {"number": standing}
            )
        if not data:
            return Proposed(None, created=False)
        sums = sides_by(done.changes, done.year.payees).values()
        correction = Correction.objects.create(
            person=person,
            year=year,
            cause=cause,
            note=note.strip(),
            document=document.strip(),
            scheme=done.scheme.code,
            policy_version=done.version,
            preview=data,
            pays=from_fen(sum(max(one.net, 0) for one in sums)),
            recovers=from_fen(sum(max(-one.net, 0) for one in sums)),
            proposed_by=actor,
            proposed_at=at,
        )
        CorrectionTransition.objects.create(
            subject=correction,
            action="propose",
            from_state="",
            to_state=correction.state,
            actor=actor,
            at=at,
            note=correction.note,
        )
    return Proposed(correction, created=True)


def approve_correction(correction: Correction, *, actor: User, at: datetime) -> Correction:
    """Post a correction: results, counters, ledger, orders and overpayments, all or nothing.

    The year is calculated once more under the resident's lock. Raises PreviewStale when the
    outcome is no longer what was proposed, and what `move` raises.
    """
    with transaction.atomic():
        _lock(correction.person)
        moved: Correction = move(
            correction, "approve", CORRECTION_TRANSITIONS, CorrectionTransition, actor=actor, at=at
        )
        try:
            done = calculate_year(moved.person, moved.year, to_reverse(moved))
        except TransitionRefused as refused:
            raise PreviewStale(str(refused)) from refused
        if (as_data(done.changes), done.version) != (moved.preview, moved.policy_version):
            raise PreviewStale(
                _(
                    "The year has changed since the proposal, so the preview no longer holds. "
                    "Withdraw or reject it and propose the correction anew."
                )
            )
        post_correction(moved, done.changes, done.year, actor=actor, at=at)
    return moved


def reject_correction(
    correction: Correction, *, actor: User, at: datetime, note: str
) -> Correction:
    """Refuse a proposal with a reason; nothing is posted."""
    return _move(correction, "reject", actor=actor, at=at, note=note)


def withdraw_correction(
    correction: Correction, *, actor: User, at: datetime, note: str
) -> Correction:
    """Take a proposal back with a reason."""
    return _move(correction, "withdraw", actor=actor, at=at, note=note)


def to_reverse(correction: Correction) -> frozenset[int]:
    """The claims that a proposed correction takes back; reversed ones do not change again."""
    return frozenset(
        change.claim_id for change in from_data(correction.preview) if change.is_reversed
    )


def _move(
    correction: Correction, action: str, *, actor: User, at: datetime, note: str
) -> Correction:
    moved: Correction = move(
        correction,
        action,
        CORRECTION_TRANSITIONS,
        CorrectionTransition,
        actor=actor,
        at=at,
        note=note,
    )
    correction.state = moved.state
    return moved


def _lock(person: Person) -> None:
    """Who moves a resident's counters holds the resident's row."""
    Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
