"""The twelve months of the year behind the demonstration, and the days of their settlement.

As in the report: institutions send a month's bills in the first days of the next one, they are
reviewed, settled on the tenth and paid on the working day after.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

CLOSES = 10  # day of the next month


@dataclass(frozen=True)
class Month:
    """A month's first and last day, and when its bills are settled."""

    first: date
    last: date
    closes_on: date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def days(self) -> int:
        """How many."""
        return self.last.day

    @property
    def paid_on(self) -> date:
        """The working day after the settlement."""
        return working_day(self.closes_on + timedelta(1))


def months_before(day: date, count: int = 12) -> list[Month]:
    """The last `count` months that were paid before the day, oldest first."""
    found: list[Month] = []
    first = day.replace(day=1)
    while len(found) < count:
        first = (first - timedelta(1)).replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        closes_on = last + timedelta(CLOSES)
        if (month := Month(first, last, closes_on)).paid_on < day:
            found.append(month)
    return found[::-1]


def working_day(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta((7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
