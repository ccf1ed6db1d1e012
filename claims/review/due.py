"""The due date as a column and as a filter of the claims' list."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.intake.deadlines import NEAR, due_of
from claims.intake.models import WAITING, Claim
from claims.intake.states import in_state
from enrollment.calendar.selectors import due_on, work_calendar
from enrollment.desk.admin import NOTHING
from enrollment.desk.tags import Tone, status_tag


def mark_due(claims: Iterable[Claim]) -> None:
    """Give each claim its `due`, so that a list reads the calendar once; one statement."""
    calendar = work_calendar()
    for claim in claims:
        claim.due = due_of(claim, calendar)  # type: ignore[attr-defined]


@admin.display(description=gettext_lazy("Due"), ordering="due_on")
def due_column(obj: Claim) -> str:
    """The due date with the days left while the claim is open; needs `mark_due`."""
    due = getattr(obj, "due", None)
    if due is None:
        return NOTHING if obj.due_on is None else obj.due_on.isoformat()
    text: str = due.short if due.tone is Tone.NEUTRAL else status_tag(due.short, due.tone)
    return text


class DueFilter(admin.SimpleListFilter):
    """Claims that wait and are past their term, or near it.

    Only what waits has a term that runs: it is found by its row in `WaitingClaim`, so the list of a
    large county reads no decided claim and needs no index of the due days.
    """

    title = gettext_lazy("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Past, or near."""
        return [
            ("over", _("overdue")),
            ("near", _("due within %(days)d working days") % {"days": NEAR}),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """By the day and the work calendar."""
        today = timezone.localdate()
        if self.value() == "over":
            return in_state(queryset, *WAITING).filter(due_on__lt=today)
        if self.value() == "near":
            return in_state(queryset, *WAITING).filter(due_on__range=(today, due_on(today, NEAR)))
        return queryset
