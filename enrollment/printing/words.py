"""Days and figures as papers write them."""

from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from enrollment.values.capitals import in_numerals


def in_english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def long_day(day: date) -> str:
    """`2026年11月20日`; ISO in English.

    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     long_day(date(2026, 9, 1))
    '2026-09-01'
    """
    if in_english():
        return day.isoformat()
    return f"{day.year}年{day.month}月{day.day}日"


def long_days(first: date, last: date) -> str:
    """`2026年2月1日至2026年9月14日`, both days included; the day alone when they are one."""
    if first == last:
        return long_day(last)
    return _("{first} to {last}").format(first=long_day(first), last=long_day(last))


def figure(number: Decimal | int) -> str:
    """A small figure as the law writes it: `三`; `3` in English."""
    return f"{Decimal(number).normalize():f}" if in_english() else in_numerals(number)
