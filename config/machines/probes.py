"""Asking the worker, the queue, the schedule, the disk and the database how they are.

The operator's board and the health checks both read these, so that they never disagree.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, pgettext
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from config.celery import app

PULSE = "Pulse of the schedule"
# Beat sends the pulse every minute; three missed ones are no coincidence.
PULSE_MAY_BE_OLD = timedelta(minutes=3)
# A job that should have been sent longer ago than this is late.
LATE = timedelta(minutes=15)
# More waiting jobs than this: the workers do not keep up.
LONG_QUEUE = 20
# Below this share of the disk free, somebody must make room.
LEAST_FREE_PERCENT = 10
_ANSWER_SECONDS = 1
_UNREACHABLE = (RedisError, KombuError, OSError)


@dataclass(frozen=True)
class Broker:
    """The queue's server: `workers` that answered, `waiting` jobs; None when it is not reached.

    `failure` is then the kind of error; its text may name servers and users.
    """

    workers: int | None
    waiting: int | None
    failure: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the workers do not keep up."""
        return self.waiting is not None and self.waiting > LONG_QUEUE


def ask_broker() -> Broker:
    """Ping the workers and count what waits; takes up to a second."""
    try:
        with app.connection_for_read() as reached:
            reached.ensure_connection(max_retries=1, timeout=_ANSWER_SECONDS)
            waiting = reached.default_channel.client.llen(app.conf.task_default_queue)  # type: ignore[attr-defined]
        answers = app.control.ping(timeout=_ANSWER_SECONDS)
    except _UNREACHABLE as error:
        return Broker(None, None, type(error).__name__)
    return Broker(len(answers or ()), int(waiting))


@dataclass(frozen=True)
class Schedule:
    """When beat last sent its pulse and any job, and which jobs are late, by name."""

    pulse_at: datetime | None
    last_sent_at: datetime | None
    late: Sequence[str] = ()

    def beats(self, now: datetime) -> bool:
        """Whether beat is alive."""
        return self.pulse_at is not None and now - self.pulse_at <= PULSE_MAY_BE_OLD

    def late_in_words(self) -> str:
        """The late jobs by what the reader calls them."""
        return pgettext("between listed words", ", ").join(gettext(name) for name in self.late)


def read_schedule() -> Schedule:
    """The jobs that are switched on; one statement."""
    jobs = list(PeriodicTask.objects.filter(enabled=True).select_related("crontab", "interval"))
    sent = [job.last_run_at for job in jobs if job.last_run_at is not None]
    late = [
        job.name
        for job in jobs
        if job.schedule.remaining_estimate(job.last_run_at or job.date_changed) < -LATE
    ]
    pulses = [job.last_run_at for job in jobs if job.name == PULSE]
    return Schedule(pulses[0] if pulses else None, max(sent, default=None), late)


@dataclass(frozen=True)
class Disk:
    """Bytes free and in all where the portal keeps its files."""

    free: int
    total: int

    @property
    def free_percent(self) -> int:
        """Rounded down."""
        return self.free * 100 // self.total

    @property
    def is_short(self) -> bool:
        """Whether somebody must make room."""
        return self.free_percent < LEAST_FREE_PERCENT


def read_disk() -> Disk:
    """Of the data directory, or of what is there of its path."""
    place = Path(settings.PORTAL_DATA_DIR)
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return Disk(usage.free, usage.total)


def database_bytes() -> int:
    """The size of the database; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return int(size)
