"""Periods of days, both ends inclusive; an open end has no last day."""

from dataclasses import dataclass
from datetime import date


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
