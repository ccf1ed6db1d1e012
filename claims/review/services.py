"""First and second review of claims: each step once, by the right person, with its reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.messages import say
from claims.intake.models import Claim, ClaimState
from claims.intake.rules import PASSING, Stop, objections
from claims.intake.selectors import candidate_of, findings_for
from claims.review.models import ClaimTransition
from claims.review.reasons import REASONS
from claims.review.states import CLAIM_TRANSITIONS
from enrollment.models import User
from enrollment.transitions.many import Moved, move_many
from enrollment.transitions.table import ReasonMissing, TransitionRefused, move
from enrollment.values.money import ZERO


class CorrectedMeanwhile(TransitionRefused):
    """The claim is no longer what the reviewer saw."""


class ApprovalRefused(TransitionRefused):
    """The facts no longer allow the claim to be paid; the message says which and what to do."""


def pass_first(
    claim: Claim,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    seen_version: int | None = None,
) -> Claim:
    """Pass the first review of the version that the actor saw (None: of whatever stands).

    Raises a TransitionRefused when it is not the actor's turn.
    """
    return _move(claim, "pass_first", actor=actor, at=at, note=note, seen_version=seen_version)


def approve(
    claim: Claim,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    seen_version: int | None = None,
) -> Claim:
    """Pass the second review: the settlement of that day takes the claim.

    Coverage, agreement and duplicates are asked again, since they may have changed after the
    entry. Raises ApprovalRefused when one of them stops the claim, another TransitionRefused
    when it is not the actor's turn; nothing is changed then.
    """
    with transaction.atomic():
        moved = _move(
            claim,
            "approve",
            actor=actor,
            at=at,
            note=note,
            seen_version=seen_version,
            changes={"approved_on": timezone.localdate(at), "held_reason": ""},
        )
        objection = _objections([moved], at, actor).get(moved.pk)
        if objection:
            raise ApprovalRefused(objection)
    claim.state = moved.state
    return moved


def return_claim(
    claim: Claim, *, actor: User, at: datetime, note: str, seen_version: int | None = None
) -> Claim:
    """Send the claim back to the window with the reason, from either review or from hold.

    Raises a TransitionRefused (ReasonMissing without a note).
    """
    action = "return_first" if claim.state == ClaimState.SUBMITTED else "return_second"
    return _move(
        claim,
        action,
        actor=actor,
        at=at,
        note=note,
        seen_version=seen_version,
        changes={"approved_on": None, "held_reason": ""},
    )


def reject_claim(
    claim: Claim,
    *,
    actor: User,
    at: datetime,
    note: str,
    reason: str,
    seen_version: int | None = None,
) -> Claim:
    """Reject the claim for good with a code of `claims.review.reasons`.

    Raises a TransitionRefused (ReasonMissing without a note or with an unknown code).
    """
    if reason and reason not in REASONS:
        raise ReasonMissing(_("Choose the reason from the list."))
    return _move(
        claim,
        "reject",
        actor=actor,
        at=at,
        note=note,
        reason=reason,
        seen_version=seen_version,
        changes={"approved_on": None, "held_reason": ""},
    )


def release_claim(
    claim: Claim, *, actor: User, at: datetime, note: str, seen_version: int | None = None
) -> Claim:
    """Give a held claim back to the next settlement; it keeps its approval.

    Raises a TransitionRefused (ReasonMissing without a note).
    """
    return _move(
        claim,
        "release",
        actor=actor,
        at=at,
        note=note,
        seen_version=seen_version,
        changes={"held_reason": ""},
    )


@dataclass(frozen=True)
class BulkReview:
    """What became of a bulk review; `total` is the cost of the claims done, in yuan."""

    done: int
    total: Decimal
    refused: tuple[tuple[str, str], ...]


def pass_first_many(
    claim_ids: Collection[int],
    *,
    actor: User,
    at: datetime,
    note: str = "",
    seen: Mapping[int, int] | None = None,
) -> BulkReview:
    """The first review of many claims; those whose turn it is not are listed with why.

    `seen` are the versions that the actor saw, by claim.
    """
    return _bulk(
        _move_many(
            claim_ids,
            "pass_first",
            actor=actor,
            at=at,
            note=note,
            check=lambda claims: _corrected(claims, seen or {}),
        )
    )


def approve_many(
    claim_ids: Collection[int],
    *,
    actor: User,
    at: datetime,
    note: str = "",
    seen: Mapping[int, int] | None = None,
) -> BulkReview:
    """The second review of many claims, each under the same rules as `approve`."""
    return _bulk(
        _move_many(
            claim_ids,
            "approve",
            actor=actor,
            at=at,
            note=note,
            changes={"approved_on": timezone.localdate(at), "held_reason": ""},
            check=lambda claims: {
                **_objections(claims, at, actor),
                **_corrected(claims, seen or {}),
            },
        )
    )


def _move(claim: Claim, action: str, *, seen_version: int | None = None, **options: Any) -> Claim:
    with transaction.atomic():
        if seen_version is not None:
            locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
            if refused := _corrected([locked], {locked.pk: seen_version}):
                raise CorrectedMeanwhile(refused[locked.pk])
        moved: Claim = move(claim, action, CLAIM_TRANSITIONS, ClaimTransition, **options)
    return moved


def _corrected(claims: Sequence[Claim], seen: Mapping[int, int]) -> Mapping[int, str]:
    """By claim: that it is another version than the one seen."""
    said = _("The claim was corrected after you opened it. Go back, look at it again and decide.")
    return {
        claim.pk: said for claim in claims if seen.get(claim.pk, claim.version) != claim.version
    }


def _move_many(claim_ids: Collection[int], action: str, **options: Any) -> Moved:
    claims = Claim.objects.select_related("institution")
    return move_many(claims, claim_ids, action, CLAIM_TRANSITIONS, ClaimTransition, **options)


def _bulk(moved: Moved) -> BulkReview:
    return BulkReview(
        done=len(moved.done),
        total=sum((claim.total for claim in moved.done), ZERO),
        refused=tuple((claim.number, why) for claim, why in moved.refused),
    )


def _objections(claims: Sequence[Claim], at: datetime, reader: User) -> Mapping[int, str]:
    """By claim: what stops it now, a line for each with what to do about it."""
    findings = findings_for([candidate_of(claim) for claim in claims], today=timezone.localdate(at))
    refused = {}
    for claim, found in zip(claims, findings, strict=True):
        against = objections(found)
        if against:
            refused[claim.pk] = "\n".join(_with_remedy(stop, reader) for stop in against)
    return refused


def _with_remedy(stop: Stop, reader: User) -> str:
    """One finding and what to do about it; a verification says so itself."""
    if stop.code == "papers_awaited":
        return _("%(reasons)s Approve the claim when they are in.") % {"reasons": say(stop, reader)}
    if stop.code in PASSING:
        return say(stop, reader)
    return _("%(reasons)s Return or reject the claim.") % {"reasons": say(stop, reader)}
