"""Filling the calendar, and telling those whose terms it moves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import chinese_calendar
from django.db import transaction

from enrollment.calendar.models import CalendarDay, CalendarYear

FIRST_YEAR = 2020  # nothing that the portal keeps has terms in earlier years
SHIPPED_SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知"

Recompute = Callable[[int], None]
_dependants: list[Recompute] = []


def register_deadlines(recompute: Recompute) -> None:
    """Call `recompute(year)` whenever that year's days change.

    A room that keeps due dates registers its service here in its app's `screens.py`; the call
    stands in the transaction of the change.
    """
    _dependants.append(recompute)


def calendar_changed(year: int) -> None:
    """Bring every due date that this year's days may move up to date."""
    with transaction.atomic():
        for recompute in _dependants:
            recompute(year)


def load_shipped_years(*, apps: Any = None, **_signal: Any) -> list[int]:
    """Enter the years that the portal's library knows and that are not entered; returns them.

    A year that stands already is left as it is, since an administrator may have corrected it.
    Runs after each migrate, so that an update of the library brings the next year; `apps` is then
    what stands after it, which a step backwards may leave without the calendar.
    """
    if apps is not None and "calendaryear" not in apps.all_models["enrollment"]:
        return []
    standing = set(CalendarYear.objects.values_list("year", flat=True))
    entered = [year for year in _shipped_years() if year not in standing]
    with transaction.atomic():
        for year in entered:
            row = CalendarYear.objects.create(year=year, source=SHIPPED_SOURCE.format(year=year))
            CalendarDay.objects.bulk_create(
                CalendarDay(calendar=row, day=day, kind=kind, name=name)
                for day, kind, name in _shipped_days(year)
            )
            if standing:
                calendar_changed(year)
    return entered


def _shipped_years() -> list[int]:
    """Whole years only: what is announced at all is announced for the year."""
    return sorted({day.year for day in chinese_calendar.holidays if day.year >= FIRST_YEAR})


def _shipped_days(year: int) -> list[tuple[date, str, str]]:
    """Each weekday off and each weekend day worked, with the Chinese name of the holiday."""
    days = [(day, CalendarDay.Kind.OFF, name) for day, name in chinese_calendar.holidays.items()]
    days += [
        (day, CalendarDay.Kind.WORKED, name) for day, name in chinese_calendar.workdays.items()
    ]
    return [
        (day, kind.value, _in_chinese(name)) for day, kind, name in sorted(days) if day.year == year
    ]


def _in_chinese(name: str) -> str:
    return next((one.chinese for one in chinese_calendar.Holiday if one.value == name), name)
