"""Days as papers write them."""

from datetime import date

from django.utils.translation import get_language


def long_day(day: date) -> str:
    """`2026年11月20日`; ISO in English.

    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     long_day(date(2026, 9, 1))
    '2026-09-01'
    """
    if (get_language() or "").startswith("en"):
        return day.isoformat()
    return f"{day.year}年{day.month}月{day.day}日"
