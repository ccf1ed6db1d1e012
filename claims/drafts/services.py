"""Keeping, finding and dropping drafts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.drafts.models import WindowDraft
from claims.intake.drafts import DRAFT_FIELDS
from claims.intake.models import LIVE, Claim, ClaimState
from enrollment.models import Person, User
from enrollment.values.written import invoice_number

LONGEST = 200  # characters of one field; no field of the form takes more
KEPT = (*DRAFT_FIELDS, "to_supply", "version")
# What stands in an untouched form is no reason to keep it.
_PRESET = {"kind", "filing", "excluded_cause", "version"}


class DraftMoved(Exception):
    """Another page has saved or ended the draft since; nothing was written.

    Attributes:
        stored: the draft as it stands now; None when it was submitted or discarded.
    """

    def __init__(self, stored: WindowDraft | None) -> None:
        """Keep it for the page that has to choose."""
        super().__init__("draft moved")
        self.stored = stored


@transaction.atomic
def save_draft(
    clerk: User,
    person: Person,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    claim: Claim | None = None,
    mark: str = "",
    seen: str = "",
) -> WindowDraft | None:
    """Keep what the clerk has typed; None when there is nothing (any more) to keep.

    A save that arrives after the claim was submitted is dropped, so that no ghost of it remains.
    `mark` is that of the page's save, `seen` that of the draft that the page shows or saved last;
    without a mark the newest save wins. Raises DraftMoved when `seen` has been overtaken.
    """
    kept = _kept(facts)
    if _submitted_already(clerk, person, kept, claim):
        return None
    drafts = WindowDraft.objects.select_for_update()
    stored = drafts.filter(clerk=clerk, person=person, claim=claim).first()
    if mark and not _follows(stored.mark if stored else "", mark, seen):
        raise DraftMoved(stored)
    if not any(value for name, value in kept.items() if name not in _PRESET):
        drop_draft(clerk, person, claim)
        return None
    now = {"facts": kept, "saved_at": at, "mark": mark}
    if stored is None:
        # Two first saves at once: the second finds the first.
        made, _created = WindowDraft.objects.update_or_create(
            clerk=clerk, person=person, claim=claim, defaults=now
        )
        return made
    for name, value in now.items():
        setattr(stored, name, value)
    stored.save(update_fields=now)
    return stored


def _follows(stored: str, mark: str, seen: str) -> bool:
    """Whether a save may take the stored one's place: it knows it, or comes from the same page."""
    if stored == seen:
        return True
    page, _dot, step = stored.partition(".")
    my_page, _dot, my_step = mark.partition(".")
    return page == my_page and int(my_step) > int(step)


def find_draft(clerk: User, person_id: int, claim: Claim | None = None) -> WindowDraft | None:
    """The clerk's draft for the resident or the returned claim; one statement.

    A draft of a claim that was corrected since is left out: it speaks of an older version.
    """
    draft = WindowDraft.objects.filter(clerk=clerk, person_id=person_id, claim=claim).first()
    if draft is not None and claim is not None and draft.facts["version"] != str(claim.version):
        return None
    return draft


def drop_draft(clerk: User, person: Person, claim: Claim | None = None) -> None:
    """Forget it."""
    WindowDraft.objects.filter(clerk=clerk, person=person, claim=claim).delete()


def forget_drafts(today: date) -> int:
    """Delete drafts that nobody has touched for DRAFT_DAYS; returns how many.

    They hold personal data for no claim, and their papers went back to the resident long ago.
    """
    last_kept = timezone.make_aware(
        datetime.combine(today - timedelta(days=settings.DRAFT_DAYS), time.min)
    )
    count, _by_model = WindowDraft.objects.filter(saved_at__lt=last_kept).delete()
    return count


def drafts_of(clerk: User) -> QuerySet[WindowDraft]:
    """The clerk's drafts, newest first."""
    drafts = WindowDraft.objects.filter(clerk=clerk).select_related("person__division", "claim")
    return drafts.order_by("-saved_at")


def _kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The form's own fields, as text within bounds; NUL, which the database refuses, left out."""
    kept: dict[str, Any] = {
        name: str(facts.get(name, ""))[:LONGEST].replace("\0", "") for name in KEPT
    }
    kept["papers"] = [str(kind)[:20].replace("\0", "") for kind in facts.get("papers", [])[:20]]
    return kept


def _submitted_already(
    clerk: User, person: Person, kept: Mapping[str, Any], claim: Claim | None
) -> bool:
    """Whether the same form has become, or has corrected, a claim."""
    if claim is not None:
        return claim.state != ClaimState.RETURNED or str(claim.version) != kept["version"]
    invoice = invoice_number(str(kept["invoice_no"]))
    mine = Claim.objects.filter(LIVE, person=person, entered_by=clerk, invoice_no=invoice)
    return bool(invoice) and mine.exists()
