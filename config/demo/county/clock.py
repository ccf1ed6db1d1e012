"""The demonstration's past days: services that ask the clock get the hour being played."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone


def hour(day: date, hours: int, minutes: int = 0) -> datetime:
    """A moment of the bureau's day; minutes may run over the hour."""
    start = timezone.make_aware(datetime.combine(day, time(hours)))
    return start + timedelta(minutes=minutes)


def night_after(day: date) -> datetime:
    """When the schedule settles what was approved up to the day: 01:30 of the next."""
    return hour(day + timedelta(1), 1, 30)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let `timezone.now()` say `moment` in this process until the block ends.

    Some services (the night's progress, postings) ask the clock themselves, since their work
    takes time; in the demonstration's past it must not say today.
    """
    with patch.object(timezone, "now", lambda: moment):
        yield


def working_days_before(day: date, count: int) -> list[date]:
    """The last `count` weekdays before the day, oldest first."""
    found: list[date] = []
    while len(found) < count:
        day -= timedelta(1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]
