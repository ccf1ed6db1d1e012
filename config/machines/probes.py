"""Asking the worker, the queue, the schedule, the disk and the database how they are."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from config.celery import app

# A job that should have been sent longer ago than this says that beat does not run.
LATE = timedelta(minutes=15)
_ANSWER_SECONDS = 1


@dataclass(frozen=True)
class Broker:
    """The queue's server: `workers` that answered, `waiting` jobs; None when it is not reached."""

    workers: int | None
    waiting: int | None


def ask_broker() -> Broker:
    """Ping the workers and count what waits; takes up to a second."""
    try:
        with app.connection_for_read() as reached:
            reached.ensure_connection(max_retries=1, timeout=_ANSWER_SECONDS)
            waiting = reached.default_channel.client.llen(app.conf.task_default_queue)  # type: ignore[attr-defined]
        answers = app.control.ping(timeout=_ANSWER_SECONDS)
    except (OperationalError, OSError):
        return Broker(None, None)
    return Broker(len(answers or ()), int(waiting))


@dataclass(frozen=True)
class Schedule:
    """When beat last sent a job, and whether one is late."""

    last_sent_at: datetime | None
    is_late: bool


def read_schedule() -> Schedule:
    """The jobs that are switched on; one statement."""
    jobs = list(PeriodicTask.objects.filter(enabled=True).select_related("crontab", "interval"))
    sent = [job.last_run_at for job in jobs if job.last_run_at is not None]
    late = any(
        job.schedule.remaining_estimate(job.last_run_at or job.date_changed) < -LATE for job in jobs
    )
    return Schedule(max(sent, default=None), late)


@dataclass(frozen=True)
class Disk:
    """Bytes free and in all where the portal keeps its files."""

    free: int
    total: int

    @property
    def free_percent(self) -> int:
        """Rounded down."""
        return self.free * 100 // self.total


def read_disk() -> Disk:
    """Of the data directory."""
    usage = shutil.disk_usage(settings.PORTAL_DATA_DIR)
    return Disk(usage.free, usage.total)


def database_bytes() -> int:
    """The size of the database; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return int(size)
