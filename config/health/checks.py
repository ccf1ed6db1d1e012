"""The checks, each with one line for the operator; none reads personal data."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.files.storage import storages
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from config.celery import app

PULSE = "Pulse of the schedule"
# Beat sends the pulse every minute; three missed ones are no coincidence.
PULSE_MAY_BE_OLD = timedelta(minutes=3)
WORKER_ANSWERS_WITHIN_SECONDS = 2
LEAST_FREE_PERCENT = 10
_UNREACHABLE = (RedisError, KombuError, OSError)


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        name: of the check.
        ok: whether all is well.
        vital: whether the web process cannot work without it.
        detail: for the operator.
    """

    name: str
    ok: bool
    vital: bool
    detail: str


def examine() -> list[Finding]:
    """All checks in order; those behind an unreachable database are not tried."""
    database = _database()
    if not database.ok:
        return [database, _queue(), _disk()]
    return [database, _migrations(), _static_files(), _queue(), _worker(), _beat(), _disk()]


def examine_vital() -> list[Finding]:
    """What decides whether the web process may get requests: quick, no queue, no waiting."""
    database = _database()
    return [database, _migrations(), _static_files()] if database.ok else [database]


def status_of(findings: list[Finding]) -> str:
    """`ready`, `degraded` (work goes on, somebody must look) or `unavailable`."""
    if any(finding.vital and not finding.ok for finding in findings):
        return "unavailable"
    return "ready" if all(finding.ok for finding in findings) else "degraded"


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            (version,) = cursor.fetchone() or (0,)
    except DatabaseError as error:
        return Finding("database", False, True, _words(error))
    return Finding("database", True, True, f"PostgreSQL {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        first = missing[0][0]
        detail = _("%(count)s not applied, the first %(name)s: run manage.py migrate") % {
            "count": len(missing),
            "name": f"{first.app_label}.{first.name}",
        }
        return Finding("migrations", False, True, detail)
    return Finding("migrations", True, True, _("all applied"))


def _static_files() -> Finding:
    try:
        storage = storages["staticfiles"]
    except PermissionError as error:
        detail = _("%(file)s cannot be read by this user: chmod it") % {"file": error.filename}
        return Finding("static files", False, True, detail)
    if not isinstance(storage, ManifestFilesMixin) or storage.exists(storage.manifest_name):
        return Finding("static files", True, True, _("collected"))
    return Finding("static files", False, True, _("not collected: run manage.py collectstatic"))


def _queue() -> Finding:
    return _tried("queue", _ask_queue)


def _ask_queue() -> Finding:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return Finding("queue", True, False, _("answers"))


def _worker() -> Finding:
    return _tried("worker", _ask_worker)


def _ask_worker() -> Finding:
    answers = app.control.ping(timeout=WORKER_ANSWERS_WITHIN_SECONDS, limit=1)
    if answers:
        return Finding("worker", True, False, _("answers"))
    return Finding("worker", False, False, _("no worker answers: start portal-worker"))


def _beat() -> Finding:
    pulse = PeriodicTask.objects.filter(name=PULSE).first()
    last = pulse.last_run_at if pulse else None
    if last is None:
        return Finding("beat", False, False, _("has never run: start portal-beat"))
    shown = f"{timezone.localtime(last):%Y-%m-%d %H:%M:%S}"
    ok = timezone.now() - last <= PULSE_MAY_BE_OLD
    detail = _("last tick %(at)s") if ok else _("last tick %(at)s: start portal-beat")
    return Finding("beat", ok, False, detail % {"at": shown})


def _disk() -> Finding:
    place = Path(settings.PORTAL_DATA_DIR)
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    free = usage.free * 100 // usage.total
    detail = _("%(percent)s %% free where the portal keeps its files") % {"percent": free}
    return Finding("disk", free >= LEAST_FREE_PERCENT, False, detail)


def _tried(name: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except _UNREACHABLE as error:
        return Finding(name, False, False, _words(error))


def _words(error: BaseException) -> str:
    """The kind of failure; the text of it may name servers and users."""
    return _("not reachable (%(kind)s)") % {"kind": type(error).__name__}
