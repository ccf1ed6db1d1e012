"""Days as clerks type them."""

import re
from datetime import date

from enrollment.values.written import half_width

_SEPARATORS = str.maketrans("/.年月", "----", "日号")
# A space separates too, where nothing else does.
_SPACES = re.compile(r"\s*-\s*|\s+")


class DayError(ValueError):
    """The text is not a day."""


class NoSuchDayError(DayError):
    """The text is written as a day, and the calendar has none such."""

    def __init__(self, year: int, month: int, day: int) -> None:
        """Keep what was written."""
        super().__init__(f"{year}-{month}-{day}")
        self.year, self.month, self.day = year, month, day


def parse_day(text: str, *, today: date, ahead: bool = False) -> date:
    """Read a day: `2026-09-01`, `2026/9/1`, `2026年9月1号`, `2026 9 1`, `20260901` or `0901`.

    Full-width characters count as their plain twins.

    Four digits are month and day of the present year, or of the year before when that day
    has not come yet: papers on a desk are of the past. With `ahead` they always mean the
    present year (agreements, visits planned). Raises DayError for anything else,
    NoSuchDayError where only the calendar objects.

    >>> parse_day("0901", today=date(2026, 11, 24))
    datetime.date(2026, 9, 1)
    >>> parse_day("1228", today=date(2027, 1, 5))
    datetime.date(2026, 12, 28)
    """
    cleaned = _SPACES.sub("-", half_width(text).translate(_SEPARATORS).strip())
    if not cleaned.isascii():
        raise DayError(text)
    parts = cleaned.split("-")
    if len(parts) == 1 and cleaned.isdigit() and len(cleaned) == 8:
        parts = [cleaned[:4], cleaned[4:6], cleaned[6:]]
    if len(parts) == 1 and cleaned.isdigit() and len(cleaned) == 4:
        month, day = int(cleaned[:2]), int(cleaned[2:])
        later = not ahead and (month, day) > (today.month, today.day)
        return _existing(today.year - int(later), month, day)
    if (
        len(parts) == 3
        and len(parts[0]) == 4
        and all(part.isdigit() and len(part) <= 4 for part in parts)
    ):
        return _existing(*map(int, parts))
    raise DayError(text)


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDayError(year, month, day) from error
