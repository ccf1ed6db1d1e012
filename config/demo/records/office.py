"""Days on which the office works, and the windows of the quarters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims.diseases.windows import Stage, WindowRule, window_of
from config.demo.year.months import Month
from enrollment.values.periods import Period
from enrollment.values.workdays import WorkCalendar

_DAY = timedelta(1)


@dataclass(frozen=True)
class Quarter:
    """The working days of a quarter's three windows; none is empty."""

    first_review: Sequence[date]
    panel: Sequence[date]
    recheck: Sequence[date]


class Office:
    """The bureau's calendar, and the rules of its windows."""

    def __init__(self, calendar: WorkCalendar, rules: Sequence[WindowRule]) -> None:
        self._calendar = calendar
        self._rules = rules

    def works(self, day: date) -> bool:
        """Whether somebody is there."""
        return self._calendar.left(day - _DAY, day) == 1

    def on_or_after(self, day: date) -> date:
        """The day, or the next working day."""
        while not self.works(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day, or the working day before it."""
        while not self.works(day):
            day -= _DAY
        return day

    def quarter_of(self, year: int, month: int) -> Quarter | None:
        """The windows of a month; None where the rule in force does not name it."""
        found = [window_of(self._rules, stage, year, month, self._calendar) for stage in Stage]
        days = [list(self._working(window)) for window in found if window is not None]
        return Quarter(*days) if len(days) == len(Stage) and all(days) else None

    def quarters(self, months: Sequence[Month]) -> list[Quarter]:
        """Those of the months, but not the last month's: nothing could follow from it."""
        found = (self.quarter_of(month.first.year, month.first.month) for month in months[:-1])
        return [quarter for quarter in found if quarter is not None]

    def _working(self, window: Period) -> Iterator[date]:
        day = window.starts_on
        while window.ends_on is not None and day <= window.ends_on:
            if self.works(day):
                yield day
            day += _DAY
