"""The checks, each with one line for the operator; none reads personal data."""

from dataclasses import dataclass

from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.files.storage import storages
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from config.machines.probes import ask_broker, read_disk, read_schedule
from enrollment.console.database import missing_migrations
from enrollment.failures.selectors import unnoted_failures


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
    """All checks in order; those behind an unreachable or unfinished database are not tried."""
    database = _database()
    if not database.ok:
        return [database, *_queue_and_worker(), _disk()]
    migrations = _migrations()
    if not migrations.ok:
        return [database, migrations, _static_files(), *_queue_and_worker(), _disk()]
    return [
        database,
        migrations,
        _static_files(),
        *_queue_and_worker(),
        _beat(),
        _failed_jobs(),
        _disk(),
    ]


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
    missing = missing_migrations()
    if missing:
        detail = _("%(count)s not applied, the first %(name)s: run manage.py migrate") % {
            "count": len(missing),
            "name": missing[0],
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


def _queue_and_worker() -> list[Finding]:
    broker = ask_broker()
    if broker.waiting is None or broker.workers is None:
        said = _("not reachable (%(kind)s)") % {"kind": broker.failure}
        return [Finding("queue", False, False, said), Finding("worker", False, False, said)]
    waiting = _("answers; jobs waiting: %(count)s") % {"count": broker.waiting}
    queue = Finding("queue", not broker.is_long, False, waiting)
    if broker.workers:
        return [queue, Finding("worker", True, False, _("answers"))]
    silent = _("no worker answers: start portal-worker")
    return [queue, Finding("worker", False, False, silent)]


def _beat() -> Finding:
    schedule = read_schedule()
    if schedule.pulse_at is None:
        return Finding("beat", False, False, _("has never run: start portal-beat"))
    at = {"at": f"{timezone.localtime(schedule.pulse_at):%Y-%m-%d %H:%M:%S}"}
    if not schedule.beats(timezone.now()):
        return Finding("beat", False, False, _("last tick %(at)s: start portal-beat") % at)
    if schedule.late:
        late = {"jobs": schedule.late_in_words()}
        return Finding("beat", False, False, _("late: %(jobs)s") % late)
    return Finding("beat", True, False, _("last tick %(at)s") % at)


def _failed_jobs() -> Finding:
    count = unnoted_failures().count()
    if not count:
        return Finding("failed jobs", True, False, _("none left unreviewed"))
    detail = _("%(count)s to be looked at: System → Failed jobs") % {"count": count}
    return Finding("failed jobs", False, False, detail)


def _disk() -> Finding:
    disk = read_disk()
    detail = _("%(percent)s %% free where the portal keeps its files") % {
        "percent": disk.free_percent
    }
    return Finding("disk", not disk.is_short, False, detail)


def _words(error: BaseException) -> str:
    """The kind of failure; the text of it may name servers and users."""
    return _("not reachable (%(kind)s)") % {"kind": type(error).__name__}
