"""Working days with the State Council's holidays and make-up days (调休).

The law counts many terms in working days (工作日). Which days those are is announced each autumn
for the next year; a year that nobody has entered yet is told apart, never guessed in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5
# Days off whatever a year's announcement says (全国年节及纪念日放假办法, revised 2024): New Year,
# two days of Labour Day, three of National Day; as month and day.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
LONGEST_TERM = 2_000  # working days; some eight years, more than any term of the law


class YearUnknown(ValueError):
    """The calendar of a year is not entered; `year` says which."""

    def __init__(self, year: int) -> None:
        """Keep the year."""
        super().__init__(f"the calendar of {year} is not known")
        self.year = year


@dataclass(frozen=True)
class Deadline:
    """The last day of a term, inclusive.

    `guessed` are the years that the term touches and whose calendar is not entered: there every
    Monday to Friday but the fixed holidays was counted, so the day may still move.
    """

    day: date
    guessed: tuple[int, ...] = ()


@dataclass(frozen=True)
class WorkCalendar:
    """What differs from Monday to Friday: `works` is false on a day off, true on a make-up day.

    `years` are those whose announcement is entered, whether or not a day of theirs differs.
    """

    years: frozenset[int]
    works: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day; YearUnknown when its year is not entered.

        >>> calendar = WorkCalendar(frozenset({2026}), {date(2026, 10, 1): False})
        >>> calendar.is_working_day(date(2026, 10, 1))
        False
        """
        if day.year not in self.years:
            raise YearUnknown(day.year)
        return self._works(day)

    def add(self, start: date, working_days: int) -> date:
        """The day on which a term of so many working days ends, inclusive.

        The day of the event does not count (民法典 §201): the term's first day is the next
        working day. YearUnknown when the term touches a year that is not entered.

        >>> WorkCalendar(frozenset({2026})).add(date(2026, 9, 4), 1)  # from a Friday
        datetime.date(2026, 9, 7)
        """
        deadline = self.deadline(start, working_days)
        for year in deadline.guessed:
            raise YearUnknown(year)
        return deadline.day

    def deadline(self, start: date, working_days: int) -> Deadline:
        """As `add`, but counting Monday to Friday in years that are not entered, and saying so.

        The fixed holidays are off there too. ValueError for a negative or absurd number of days.
        """
        if not 0 <= working_days <= LONGEST_TERM:
            raise ValueError(f"a term of {working_days} working days")
        day, left = start, working_days
        while left:
            day += _DAY
            left -= self._works(day)
        span = range((start + _DAY).year, day.year + 1) if working_days else range(0)
        return Deadline(day, tuple(year for year in span if year not in self.years))

    def left(self, today: date, due: date) -> int:
        """Working days from tomorrow to `due`, inclusive; 0 on the day itself, negative after it.

        Past the day it counts the working days since, so −1 is the first working day too late
        (and 0 while only days off have passed). Years that are not entered count Monday to Friday.

        >>> calendar = WorkCalendar(frozenset({2026}))
        >>> calendar.left(date(2026, 9, 4), date(2026, 9, 8))
        2
        >>> calendar.left(date(2026, 9, 8), date(2026, 9, 4))
        -2
        """
        if today > due:
            return -self._between(due, today)
        return self._between(today, due)

    def _between(self, first: date, last: date) -> int:
        """Working days after `first`, up to and with `last`."""
        days = (last - first).days
        return sum(self._works(first + timedelta(days=nth)) for nth in range(1, days + 1))

    def _works(self, day: date) -> bool:
        if day.year not in self.years and (day.month, day.day) in FIXED_HOLIDAYS:
            return False
        return self.works.get(day, day.weekday() < _SATURDAY)
