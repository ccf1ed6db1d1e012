"""When a step of an application may be taken: the windows of the quarter. Imports no Django.

A rule names months, and for each stage the first and the last day of the month, both inclusive.
A last day that the month does not have is the month's last; one on which offices are closed
moves to the next working day (as 民法典 §203 has it for terms). The rule of a month is the one
in force on the month's first day.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from enrollment.values.periods import Period
from enrollment.values.workdays import WorkCalendar

# Looked through for the next window: every rule names a month of each year.
_MONTHS_AHEAD = 25
# A window that closes on a day off at the month's end reaches into the next month.
_MONTHS_BACK = 1


class Stage(StrEnum):
    """The steps that have windows, in their order."""

    FIRST_REVIEW = "first_review"
    PANEL = "panel"
    RECHECK = "recheck"


@dataclass(frozen=True)
class WindowRule:
    """The windows from `starts_on` on: months, and days of the month by stage."""

    starts_on: date
    months: tuple[int, ...]
    days: Mapping[Stage, tuple[int, int]]


@dataclass(frozen=True)
class Opening:
    """How a stage stands on a day: its open window, or the next one."""

    stage: Stage
    day: date
    window: Period

    @property
    def is_open(self) -> bool:
        """Whether the step may be taken that day."""
        return self.day in self.window


def window_of(
    rules: Sequence[WindowRule], stage: Stage, year: int, month: int, calendar: WorkCalendar
) -> Period | None:
    """The stage's window of a month; None where the rule in force does not name the month.

    >>> quarters = WindowRule(date(2023, 1, 1), (3, 6, 9, 12), {Stage.RECHECK: (26, 31)})
    >>> window = window_of([quarters], Stage.RECHECK, 2026, 9, WorkCalendar(frozenset({2026})))
    >>> str(window.starts_on), str(window.ends_on)
    ('2026-09-26', '2026-09-30')
    """
    rule = _rule_on(rules, date(year, month, 1))
    if rule is None or month not in rule.months:
        return None
    last_of_month = monthrange(year, month)[1]
    first, last = (min(day, last_of_month) for day in rule.days[stage])
    closing = date(year, month, last)
    return Period(date(year, month, first), calendar.deadline(closing - timedelta(1), 1).day)


def opening(
    rules: Sequence[WindowRule], stage: Stage, day: date, calendar: WorkCalendar
) -> Opening | None:
    """The window that is open on the day, else the next one; None where no rule names any."""
    for window in _windows(rules, stage, day, calendar):
        if window.ends_on is not None and day <= window.ends_on:
            return Opening(stage, day, window)
    return None


def _windows(
    rules: Sequence[WindowRule], stage: Stage, day: date, calendar: WorkCalendar
) -> Iterator[Period]:
    """The stage's windows from the month before the day on, in order."""
    start = day.year * 12 + day.month - 1 - _MONTHS_BACK
    for nth in range(start, start + _MONTHS_AHEAD):
        window = window_of(rules, stage, nth // 12, nth % 12 + 1, calendar)
        if window is not None:
            yield window


def _rule_on(rules: Sequence[WindowRule], day: date) -> WindowRule | None:
    """The newest rule that has begun by the day."""
    begun = [rule for rule in rules if rule.starts_on <= day]
    return max(begun, key=lambda rule: rule.starts_on, default=None)
