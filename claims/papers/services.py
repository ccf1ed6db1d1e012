"""Papers coming in, at entry and afterwards."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.models import Claim, ClaimState
from claims.papers.checklist import names_of, needed_papers
from claims.papers.models import ClaimPaper, PaperKind
from claims.review.models import ClaimTransition
from enrollment.models import Person, User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused

OPEN = (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.RETURNED)
# In the log; the claim's state stays as it is.
RECEIVED = "receive_papers"


def missing_papers(person: Person, handed_in: Collection[str], at: datetime) -> list[PaperKind]:
    """What the resident has not handed in of what is needed."""
    needed = needed_papers(person, timezone.localdate(at))
    return [kind for kind in needed if kind not in handed_in]


def record_papers(
    claim: Claim, handed_in: Collection[str] | None, *, actor: User, at: datetime
) -> list[ClaimPaper]:
    """Write the claim's list at its entry; `None` means that everything needed came in.

    What is needed and did not come in stands on the list as to be supplied.
    """
    day = timezone.localdate(at)
    needed = needed_papers(claim.person, day)
    given = set(needed if handed_in is None else handed_in)
    rows = [
        ClaimPaper(
            claim=claim,
            kind=kind,
            handed_in_on=day if kind in given else None,
            received_by=actor if kind in given else None,
        )
        for kind in PaperKind
        if kind in given or kind in needed
    ]
    return ClaimPaper.objects.bulk_create(rows)


def receive_papers(
    claim: Claim, kinds: Collection[str], *, actor: User, at: datetime, note: str = ""
) -> Claim:
    """Papers that were to be supplied come in; the log says which.

    Raises NotPermitted without `claims.enter_claim`, StateConflict when the claim is decided, a
    TransitionRefused when none of the papers is awaited (any more); nothing is changed then.
    """
    with transaction.atomic():
        locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        if not actor.has_perm("claims.enter_claim"):
            raise NotPermitted(
                _("Your role does not include “%(action)s”. Ask the administrator.")
                % {"action": _("enter claims at the window")}
            )
        if locked.state not in OPEN:
            raise StateConflict(
                _("The claim is “%(state)s”: no papers are awaited any more.")
                % {"state": locked.get_state_display()}
            )
        awaited = locked.papers.filter(handed_in_on__isnull=True, kind__in=list(kinds))
        received = list(awaited.values_list("kind", flat=True))
        if not received:
            raise TransitionRefused(_("None of these papers is awaited. Reload the page."))
        awaited.update(handed_in_on=timezone.localdate(at), received_by=actor)
        ClaimTransition.objects.create(
            subject=locked,
            action=RECEIVED,
            from_state=locked.state,
            to_state=locked.state,
            actor=actor,
            at=at,
            note=f"{names_of(received)} {note}".strip()[:500],
        )
    return locked
