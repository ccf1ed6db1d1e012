"""Entering and correcting claims at the window."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.deadlines import decision_due
from claims.intake.drafts import ClaimDraft, changes_between
from claims.intake.messages import say
from claims.intake.models import Claim, ClaimState
from claims.intake.numbers import next_numbers
from claims.intake.rules import Stop, only_stops
from claims.intake.selectors import Candidate, findings_for
from claims.papers.services import missing_papers, record_papers
from claims.review.models import ClaimTransition
from claims.review.states import CLAIM_TRANSITIONS
from enrollment.bureau.selectors import current_bureau
from enrollment.models import Person, User
from enrollment.transitions.table import NotPermitted, TransitionRefused, move, why_not

# What the database refuses when two windows race, as the rules would have said it.
_RACES = {
    "one_live_claim_per_invoice": Stop("same_invoice_race", "invoice_no"),
    "one_live_claim_per_visit": Stop("same_visit_race", ""),
    "claim_stays_overlap": Stop("overlapping_stay_race", "admitted_on"),
}


class ClaimStopped(TransitionRefused):
    """The rules keep the claim out; `stops` say why, each with its field."""

    def __init__(self, stops: list[Stop]) -> None:
        """Keep the findings; the message is all of them."""
        super().__init__(" ".join(say(stop) for stop in stops))
        self.stops = stops


class VersionConflict(TransitionRefused):
    """Somebody else has corrected the claim since the actor opened it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(_("Somebody else has corrected this claim since you opened it."))


def submit_claim(
    draft: ClaimDraft,
    *,
    person: Person,
    actor: User,
    at: datetime,
    note: str = "",
    handed_in: Collection[str] | None = None,
    to_supply: bool = False,
) -> Claim:
    """Enter a paper claim at the window; returns it with its new number.

    `handed_in` are the kinds of paper that came in, None for everything needed. What is missing
    keeps the claim out unless `to_supply` says that the resident gets the one-time notice.

    Where the bureau says that the clerk's check is the first review, the claim goes straight
    to the second. Raises NotPermitted without `claims.enter_claim`, ClaimStopped when a rule
    keeps it out, also when another window was faster. Nothing is written then.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        require_entry(actor)
        missing = missing_papers(locked, handed_in, at) if handed_in is not None else []
        more = []
        if missing and not to_supply:
            more = [Stop("papers_missing", "papers", {"papers": tuple(missing)})]
        _check(Candidate(locked.pk, draft, bool(locked.account_no)), at, more)
        state, action = (
            (ClaimState.CHECKED, "submit_checked")
            if current_bureau().clerk_check_is_first_review
            else (ClaimState.SUBMITTED, "submit")
        )
        claim = Claim(
            number=next_numbers(timezone.localdate(at), 1)[0],
            source=Claim.Source.WINDOW,
            state=state,
            person=locked,
            entered_by=actor,
            entered_at=at,
            due_on=decision_due(timezone.localdate(at)),
            **draft.values(),
        )
        with _races_as_stops():
            claim.save(force_insert=True)
        ClaimTransition.objects.create(
            subject=claim, action=action, to_state=state, actor=actor, at=at, note=note
        )
        record_papers(claim, handed_in, actor=actor, at=at)
    return claim


def correct_claim(
    claim: Claim,
    draft: ClaimDraft,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    seen_version: int | None = None,
) -> Claim:
    """Correct a returned claim and submit it again; the log keeps each old and new value.

    `seen_version` is the version that the actor saw; None takes whatever stands. Raises as
    `submit_claim`, StateConflict when the claim is not returned (any more), VersionConflict when
    somebody else has corrected it since.
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).only("pk").get(pk=claim.person_id)
        locked = (
            Claim.objects.select_for_update(no_key=True, of=("self",))
            .select_related("institution", "person")
            .get(pk=claim.pk)
        )
        action = "resubmit_checked" if current_bureau().clerk_check_is_first_review else "resubmit"
        refused = why_not(
            CLAIM_TRANSITIONS[action], locked.state, locked.get_state_display(), actor, ()
        )
        if isinstance(refused, NotPermitted):
            raise refused
        if seen_version is not None and seen_version != locked.version:
            raise VersionConflict
        if refused is not None:
            raise refused
        has_account = bool(locked.person.account_no)
        _check(Candidate(locked.person_id, draft, has_account, locked.pk), at)
        with _races_as_stops():
            moved: Claim = move(
                locked,
                action,
                CLAIM_TRANSITIONS,
                ClaimTransition,
                actor=actor,
                at=at,
                note=note,
                changes={**draft.values(), "version": locked.version + 1},
                details={"changes": changes_between(locked, draft)},
            )
    return moved


def require_entry(actor: User) -> None:
    """Raise NotPermitted unless the actor may enter claims."""
    if not actor.has_perm("claims.enter_claim"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("enter claims at the window")}
        )


def _check(candidate: Candidate, at: datetime, more: Sequence[Stop] = ()) -> None:
    """Raise ClaimStopped when a rule keeps the claim out."""
    (findings,) = findings_for([candidate], today=timezone.localdate(at))
    stops = [*only_stops(findings), *more]
    if stops:
        raise ClaimStopped(stops)


@contextmanager
def _races_as_stops() -> Iterator[None]:
    """What the database's constraints refuse, as the rule's own finding."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        stop = _RACES.get(getattr(diagnostics, "constraint_name", "") or "")
        if stop is None:
            raise
        raise ClaimStopped([stop]) from error
