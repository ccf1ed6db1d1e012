"""Periods of days, both ends inclusive; an open end has no last day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """Days from `starts_on` to `ends_on`, both included; `ends_on=None` never ends."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"a period cannot end on {self.ends_on} before {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two periods share a day."""
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )


def last_day_of_months(first: date, months: int) -> date:
    """The last day, inclusive, of so many months that begin on `first`.

    It is the day before the corresponding day; the month's last where there is none (民法典 §202).

    >>> str(last_day_of_months(date(2026, 9, 28), 24))
    '2028-09-27'
    >>> str(last_day_of_months(date(2026, 3, 31), 6)), str(last_day_of_months(date(2026, 3, 1), 6))
    ('2026-09-30', '2026-08-31')
    """
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    length = monthrange(years, month + 1)[1]
    if first.day > length:
        return date(years, month + 1, length)
    return date(years, month + 1, first.day) - timedelta(1)
