"""Days as clerks type them."""

from datetime import date

_SEPARATORS = str.maketrans("/.年月", "----", "日")


class DayError(ValueError):
    """The text is not a day."""


def parse_day(text: str, *, today: date, ahead: bool = False) -> date:
    """Read a day: `2026-09-01`, `2026/9/1`, `2026年9月1日`, `20260901` or `0901`.

    Four digits are month and day of the present year, or of the year before when that day
    has not come yet: papers on a desk are of the past. With `ahead` they always mean the
    present year (agreements, visits planned). Raises DayError for anything else.

    >>> parse_day("0901", today=date(2026, 11, 24))
    datetime.date(2026, 9, 1)
    >>> parse_day("1228", today=date(2027, 1, 5))
    datetime.date(2026, 12, 28)
    """
    cleaned = text.strip().translate(_SEPARATORS)
    if not cleaned.isascii():
        raise DayError(text)
    parts = cleaned.split("-")
    try:
        if len(parts) == 3 and len(parts[0]) == 4 and all(p.isdigit() for p in parts):
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        if len(parts) == 1 and cleaned.isdigit() and len(cleaned) == 8:
            return date(int(cleaned[:4]), int(cleaned[4:6]), int(cleaned[6:]))
        if len(parts) == 1 and cleaned.isdigit() and len(cleaned) == 4:
            return _short_day(int(cleaned[:2]), int(cleaned[2:]), today, ahead)
    except ValueError as error:
        raise DayError(text) from error
    raise DayError(text)


def _short_day(month: int, day: int, today: date, ahead: bool) -> date:
    """A day without its year."""
    if not ahead and (month, day) > (today.month, today.day):
        return date(today.year - 1, month, day)
    return date(today.year, month, day)
