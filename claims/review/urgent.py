"""The most urgent claims of a queue, for its card on the desk."""

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from claims.intake.deadlines import Due, due_of
from claims.intake.models import Claim
from enrollment.calendar.selectors import work_calendar
from enrollment.desk.queues import FIRST, Waiting, capped
from enrollment.desk.tags import Tone
from enrollment.values.money import format_yuan


def most_urgent(waiting: QuerySet[Claim]) -> list[Waiting]:
    """The first few by due date, overdue ones so on top; two statements, one when none waits."""
    claims = list(
        waiting.select_related("person").order_by(F("due_on").asc(nulls_last=True), "id")[:FIRST]
    )
    calendar = work_calendar() if any(claim.due_on for claim in claims) else None
    found = []
    for claim in claims:
        due = due_of(claim, calendar)
        found.append(
            Waiting(
                claim.person.name,
                reverse("admin:claims_claim_change", args=[claim.pk]),
                format_yuan(claim.total),
                days_left(due) if due else "",
                due.tone if due else Tone.NEUTRAL,
            )
        )
    return found


def days_left(due: Due) -> str:
    """`3 working days left`; the claim's page says the day, and why it may still move."""
    days = abs(due.left)
    if due.left < 0:
        words = ngettext("%(count)d working day overdue", "%(count)d working days overdue", days)
    elif due.is_over:
        words = gettext("overdue")
    elif due.left == 0:
        words = gettext("due today")
    else:
        words = ngettext("%(count)d working day left", "%(count)d working days left", days)
    return due.provisional(words % {"count": days})


def overdue(waiting: QuerySet[Claim]) -> int:
    """How many are past their day; one statement, counted as far as a card counts."""
    return capped(waiting.filter(due_on__lt=timezone.localdate()))
