"""When a window claim must be decided: so many working days from its entry (经办条例 §20)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.intake.models import WAITING, Claim, ClaimState
from claims.intake.states import in_state
from enrollment.calendar.selectors import due_on, work_calendar
from enrollment.desk.tags import Tone
from enrollment.parameters.selectors import Code, parameter_on
from enrollment.values.workdays import WorkCalendar

NEAR = 5  # working days in which a claim is marked as pressing
DECIDED = (ClaimState.SETTLED, ClaimState.REVERSED, ClaimState.REJECTED)


def decision_due(entered_on: date, calendar: WorkCalendar | None = None) -> date | None:
    """The last day for deciding a claim entered that day; None before the law set a term.

    Two statements; one with a calendar. Neither a return for correction nor papers to be supplied
    stop the term: the law counts it from the application.
    """
    term = parameter_on(Code.CLAIM_TERM, entered_on)
    return None if term is None else due_on(entered_on, int(term), calendar)


def recompute_due_dates(year: int) -> None:
    """Bring undecided claims in line with a year's calendar: those whose term touches it."""
    calendar = work_calendar()
    open_claims = in_state(Claim.objects.filter(due_on__isnull=False), *WAITING)
    touched = open_claims.filter(Q(due_on__year=year) | Q(entered_at__year=year))
    days = touched.values_list("entered_at__date", flat=True).order_by().distinct()
    for entered_on in days:
        due = decision_due(entered_on, calendar)
        touched.filter(entered_at__date=entered_on).exclude(due_on=due).update(due_on=due)


@dataclass(frozen=True)
class Due:
    """How a claim stands to its term: working days left (negative: overdue), guessed years.

    `is_over`: the day has passed, if only by a weekend, when no working day is overdue yet.
    """

    day: date
    left: int
    guessed: tuple[int, ...] = ()
    is_over: bool = False

    @property
    def tone(self) -> Tone:
        """Red when overdue, amber in the last days."""
        if self.is_over:
            return Tone.RED
        return Tone.AMBER if self.left <= NEAR else Tone.NEUTRAL

    @property
    def text(self) -> str:
        """`2026-11-05, 3 working days left`."""
        day = self.day.isoformat()
        if self.left < 0:
            return ngettext(
                "%(day)s, %(count)d working day overdue",
                "%(day)s, %(count)d working days overdue",
                -self.left,
            ) % {"day": day, "count": -self.left}
        if self.is_over:
            return _("%(day)s, overdue") % {"day": day}
        if self.left == 0:
            return _("%(day)s, due now") % {"day": day}
        return ngettext(
            "%(day)s, %(count)d working day left",
            "%(day)s, %(count)d working days left",
            self.left,
        ) % {"day": day, "count": self.left}

    @property
    def short(self) -> str:
        """The same for lists, where one word must do for the guessed years."""
        return self.provisional(self.text)

    def provisional(self, words: str) -> str:
        """The words, marked when a year of the term is guessed."""
        return _("%(due)s (est.)") % {"due": words} if self.guessed else words


def due_of(claim: Claim, calendar: WorkCalendar | None = None) -> Due | None:
    """How the claim stands to its term; None when nothing is due (any more).

    One statement without a calendar.
    """
    if claim.due_on is None or claim.state in DECIDED:
        return None
    calendar = calendar or work_calendar()
    today = timezone.localdate()
    left = calendar.left(today, claim.due_on)
    return Due(claim.due_on, left, guessed_years(claim, calendar), is_over=claim.due_on < today)


def guessed_years(claim: Claim, calendar: WorkCalendar | None = None) -> tuple[int, ...]:
    """The years of the claim's term whose holidays are not entered: they may move its last day.

    One statement without a calendar.
    """
    if claim.due_on is None:
        return ()
    known = (calendar or work_calendar()).years
    span = range(claim.entered_at.year, claim.due_on.year + 1)
    return tuple(year for year in span if year not in known)
