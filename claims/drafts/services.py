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
from enrollment.desk.widgets import ComboboxField
from enrollment.models import Institution, Person, User
from enrollment.values.written import invoice_number

LONGEST = 200  # characters of one field; no field of the form takes more
KEPT = (*DRAFT_FIELDS, "to_supply", "version", "seen")
# What stands in an untouched form is no reason to keep it.
_PRESET = {"kind", "filing", "excluded_cause", "version", "seen"}
# Which institution the typed line named, whatever it is called later.
INSTITUTION = "institution_key"
_institutions = ComboboxField(Institution.objects.all())


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
    """The clerk's draft for the resident or the returned claim; two statements.

    Its institution stands in the line of today, also where it was renamed meanwhile. It may speak
    of an older version of the claim (`version_of`): then both are to be compared.
    """
    draft = WindowDraft.objects.filter(clerk=clerk, person_id=person_id, claim=claim).first()
    if draft is not None:
        draft.facts = _with_line_of_today(draft.facts)
    return draft


def version_of(facts: Mapping[str, Any]) -> int:
    """Which version of the claim the form started from; 0 where it does not say."""
    text = str(facts.get("seen") or facts.get("version") or "")
    return int(text) if text.isascii() and text.isdigit() else 0


def keep_overtaken(
    clerk: User, claim: Claim, facts: Mapping[str, Any], *, at: datetime
) -> WindowDraft:
    """Keep what somebody typed on a claim that another has submitted meanwhile.

    It is theirs to read and to discard; it does not go by itself.
    """
    draft, _created = WindowDraft.objects.update_or_create(
        clerk=clerk,
        person=claim.person,
        claim=claim,
        defaults={"facts": _kept(facts), "saved_at": at},
    )
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
    kept[INSTITUTION] = _institution_of(kept["institution"])
    kept["papers"] = [str(kind)[:20].replace("\0", "") for kind in facts.get("papers", [])[:20]]
    return kept


def _institution_of(line: str) -> int | None:
    """The key of the institution whose line was chosen; one statement where it is begun by a code.

    Part of a name is looked for only when the claim is entered.
    """
    text = " ".join(line.split())
    code = text.partition(" ")[0]
    if not code.isascii():
        return None
    found = Institution.objects.filter(code=code).first()
    return found.pk if found and text in (code, _line_of(found)) else None


def _line_of(institution: Institution) -> str:
    """As the form's list has it."""
    return str(_institutions.label_from_instance(institution))


def _with_line_of_today(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with code and name of their institution as they are now."""
    key = facts.get(INSTITUTION)
    found = Institution.objects.filter(pk=key).first() if key else None
    if found is None:
        return facts
    return {**facts, "institution": _line_of(found)}


def _submitted_already(
    clerk: User, person: Person, kept: Mapping[str, Any], claim: Claim | None
) -> bool:
    """Whether the same form has become, or has corrected, a claim."""
    if claim is not None:
        return claim.state != ClaimState.RETURNED or str(claim.version) != kept["version"]
    invoice = invoice_number(str(kept["invoice_no"]))
    mine = Claim.objects.filter(LIVE, person=person, entered_by=clerk, invoice_no=invoice)
    return bool(invoice) and mine.exists()
