"""Terms in working days, for every desk.

    due = due_on(claim_day, 30)                    # the last day of the term
    left = working_days_left(today, due)           # 还剩 3 个工作日; negative when overdue

Each call reads the calendar once (one statement). Whoever has many days to ask reads it with
`work_calendar()` and passes it on, or asks it directly.
"""

from datetime import date

from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.values.workdays import Deadline, WorkCalendar

# The next year's announcement comes out by then; from this month on its absence is a task.
ANNOUNCED_BY_MONTH = 11


def work_calendar() -> WorkCalendar:
    """The whole calendar as entered; one statement."""
    years: set[int] = set()
    works: dict[date, bool] = {}
    for year, day, kind in CalendarYear.objects.values_list("year", "days__day", "days__kind"):
        years.add(year)
        if day is not None and kind != CalendarDay.Kind.ORDINARY:
            works[day] = kind == CalendarDay.Kind.WORKED
    return WorkCalendar(frozenset(years), works)


def deadline_of(start: date, working_days: int, calendar: WorkCalendar | None = None) -> Deadline:
    """The last day of a term that begins the working day after `start`, and what is guessed in it.

    A year that is not entered counts Monday to Friday and is named in `guessed`; use
    `work_calendar().add(…)` where a guess must be refused.
    """
    return (calendar or work_calendar()).deadline(start, working_days)


def due_on(start: date, working_days: int, calendar: WorkCalendar | None = None) -> date:
    """The last day of the term, inclusive; the day of `start` itself does not count."""
    return deadline_of(start, working_days, calendar).day


def working_days_left(today: date, due: date, calendar: WorkCalendar | None = None) -> int:
    """Working days left up to and with `due`: 0 on the day itself, negative when overdue."""
    return (calendar or work_calendar()).left(today, due)


def year_to_enter(today: date) -> int | None:
    """The year whose calendar is missing and due: this year's, or from November the next one's.

    At most one statement.
    """
    wanted = [today.year]
    if today.month >= ANNOUNCED_BY_MONTH:
        wanted.append(today.year + 1)
    known = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    return next((year for year in wanted if year not in known), None)
