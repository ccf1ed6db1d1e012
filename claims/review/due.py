"""The due date as a column of the claims' list."""

from collections.abc import Iterable

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.intake.deadlines import due_of
from claims.intake.models import Claim
from enrollment.calendar.selectors import work_calendar
from enrollment.desk.admin import NOTHING
from enrollment.desk.tags import Tone, status_tag


def mark_due(claims: Iterable[Claim]) -> None:
    """Give each claim its `due`, so that a list reads the calendar once; one statement."""
    calendar = work_calendar()
    for claim in claims:
        claim.due = due_of(claim, calendar)  # type: ignore[attr-defined]


@admin.display(description=_("Due"), ordering="due_on")
def due_column(obj: Claim) -> str:
    """The due date with the days left while the claim is open; needs `mark_due`."""
    due = getattr(obj, "due", None)
    if due is None:
        return NOTHING if obj.due_on is None else obj.due_on.isoformat()
    text: str = due.short if due.tone is Tone.NEUTRAL else status_tag(due.short, due.tone)
    return text
