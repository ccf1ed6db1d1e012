"""The operator's board: worker, schedule, last night, queue, disk and database."""

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import SettlementRun
from config.machines.probes import (
    Schedule,
    ask_broker,
    database_bytes,
    read_disk,
    read_schedule,
)
from enrollment.access.models import User
from enrollment.boards.registry import Board, Figure, register_board
from enrollment.desk.tags import Tone
from enrollment.failures.selectors import unnoted_failures


def machines(user: User) -> Board:
    """How the machines are doing; four statements, and a question to the workers."""
    broker, schedule, disk = ask_broker(), read_schedule(), read_disk()
    return Board(
        "machines",
        gettext_lazy("Machines"),
        [
            _workers(broker.workers),
            Figure(
                gettext_lazy("Jobs waiting"),
                _("not reached") if broker.waiting is None else broker.waiting,
                tone=Tone.RED
                if broker.waiting is None
                else Tone.AMBER
                if broker.is_long
                else Tone.GREEN,
            ),
            _schedule(schedule),
            _failed_jobs(),
            _last_night(user),
            Figure(
                gettext_lazy("Disk free"),
                filesizeformat(disk.free),
                hint=_("%(percent)d %% of %(size)s")
                % {"percent": disk.free_percent, "size": filesizeformat(disk.total)},
                tone=Tone.RED if disk.is_short else Tone.GREEN,
            ),
            Figure(gettext_lazy("Database"), filesizeformat(database_bytes())),
        ],
    )


def _workers(answered: int | None) -> Figure:
    """How many workers answered."""
    if answered is None:
        return Figure(gettext_lazy("Workers"), _("queue not reached"), tone=Tone.RED)
    hint = "" if answered else _("start one: nothing runs at night without it")
    return Figure(
        gettext_lazy("Workers answering"),
        answered,
        hint=hint,
        tone=Tone.GREEN if answered else Tone.RED,
    )


def _schedule(schedule: Schedule) -> Figure:
    """Whether beat ticks and every job was sent when it should."""
    alive = schedule.beats(timezone.now())
    hint = _("no job sent yet")
    if schedule.last_sent_at:
        hint = _("last job sent %(at)s") % {"at": _moment(schedule.last_sent_at)}
    if schedule.late:
        hint = schedule.late_in_words()
    return Figure(
        gettext_lazy("Schedule"),
        _("does not run") if not alive else _("a job is late") if schedule.late else _("on time"),
        reverse("admin:django_celery_beat_periodictask_changelist"),
        hint,
        Tone.GREEN if alive and not schedule.late else Tone.RED,
    )


def _failed_jobs() -> Figure:
    """What nobody has taken note of."""
    count = unnoted_failures().count()
    url = reverse("admin:enrollment_failedjob_changelist") + "?state=open"
    return Figure(gettext_lazy("Failed jobs"), count, url, "", Tone.RED if count else Tone.GREEN)


def _last_night(user: User) -> Figure:
    """The newest settlement run: when and whether it ended, not what it settled."""
    run = SettlementRun.objects.order_by("-id").first()
    label = gettext_lazy("Last settlement run")
    if run is None:
        return Figure(label, _("none yet"))
    url = ""
    if user.has_perm("claims.view_settlementrun"):
        url = reverse("admin:claims_settlementrun_change", args=[run.pk])
    if run.finished_at is None:
        hint = _("started %(at)s") % {"at": _moment(run.started_at)}
        return Figure(label, _("not finished"), url, hint, Tone.AMBER)
    hint = _("%(start)s to %(end)s") % {
        "start": _moment(run.started_at),
        "end": _moment(run.finished_at),
    }
    return Figure(label, _("finished"), url, hint, Tone.GREEN)


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")  # type: ignore[arg-type]


def register() -> None:
    """Tell the desk; called once by `config.screens`."""
    register_board(
        "machines",
        gettext_lazy("Machines"),
        machines,
        permission="django_celery_beat.view_periodictask",
        order=90,
        statements=4,
        later=True,
    )
