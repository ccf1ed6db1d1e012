"""Ages in full years; pure."""

from datetime import date


def age_on(born_on: date, day: date) -> int:
    """Full years (周岁); the birthday itself counts.

    Who was born on 29 February completes a year on 1 March of a common year.

    >>> age_on(date(2000, 5, 17), date(2026, 5, 16)), age_on(date(2000, 5, 17), date(2026, 5, 17))
    (25, 26)
    >>> age_on(date(2004, 2, 29), date(2022, 2, 28))
    17
    """
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
