"""Handing a roll in, working through it, starting it again, forgetting its files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from enrollment.access.models import User
from enrollment.history.context import on_behalf_of
from enrollment.jobs import files
from enrollment.jobs.locks import in_work, working_on
from enrollment.jobs.models import ImportJob
from enrollment.roll.services import Progress, RollImport, import_roll
from enrollment.sheets import SheetRefused, count_rows
from enrollment.transitions.table import NotPermitted, TransitionRefused

TASK = "enrollment.import_roll"
_OPEN = (ImportJob.State.WAITING, ImportJob.State.RUNNING)


class JobRefused(TransitionRefused):
    """The job cannot be started; the message says why and what to do."""


def hand_in_roll(
    chunks: Iterable[bytes],
    *,
    name: str,
    size: int,
    year: int,
    mode: str,
    actor: User,
    at: datetime,
) -> ImportJob:
    """Store an uploaded roll and give it to a worker.

    Raises NotPermitted without `enrollment.import_roll`, JobRefused when the file is too large
    or the same file waits for the same year already, SheetRefused when it is no spreadsheet or
    a CSV without the required columns: nothing stays behind then.
    """
    _require(actor)
    if size > files.MAX_BYTES:
        raise JobRefused(_("The file is larger than 200 MB: split it by township."))
    with transaction.atomic():
        job = _new_job(year=year, mode=mode, name=name, size=size, actor=actor, at=at)
        try:
            job.file_sha256 = files.store(job, chunks)
            files.check_content(files.roll_of(job))
            twin = ImportJob.objects.filter(
                file_sha256=job.file_sha256, year=year, state__in=_OPEN
            ).first()
            if twin is not None:
                raise JobRefused(
                    _("This file is being imported already: see job %(job)s.") % {"job": twin.pk}
                )
            job.save(update_fields=["file_sha256"])
        except BaseException:
            files.forget(job.pk)
            raise
        transaction.on_commit(lambda: _send(job.pk))
    return job


def import_checked(checked: ImportJob, *, mode: str, actor: User, at: datetime) -> ImportJob:
    """Import the file of a finished check without uploading it again.

    Raises NotPermitted, and JobRefused when the job was no check, has not ended or its file is
    gone.
    """
    _require(actor)
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update().get(pk=checked.pk)
        if locked.mode != ImportJob.Mode.CHECK or locked.state != ImportJob.State.DONE:
            raise JobRefused(_("Only a file that was checked can be imported from here."))
        if not files.roll_of(locked).is_file():
            raise JobRefused(_("The file is no longer kept: upload it again."))
        job = _new_job(
            year=locked.year,
            mode=mode,
            name=locked.file_name,
            size=locked.file_size,
            actor=actor,
            at=at,
        )
        job.file_sha256 = locked.file_sha256
        job.save(update_fields=["file_sha256"])
        files.take_over(job, locked)
        transaction.on_commit(lambda: _send(job.pk))
    return job


def start_again(job: ImportJob, *, actor: User) -> None:
    """Give a job to a worker once more: it was interrupted, or nobody took it.

    Nothing of an interrupted import is in the tables, so it simply begins anew. Raises
    NotPermitted, and JobRefused while a worker has it in hand or once it has ended.
    """
    _require(actor)
    current = ImportJob.objects.get(pk=job.pk)
    if not current.is_open:
        raise JobRefused(_("This import has ended: upload the file again."))
    if in_work([job.pk]):
        raise JobRefused(_("A worker has this import in hand: wait for it."))
    if not _send(job.pk):
        raise JobRefused(
            _("The queue does not answer. Ask the operator to start it, then try again.")
        )


def run_job(job_id: int, *, at: datetime) -> str:
    """Work through a job; what the Celery task calls. Returns the state it ends in.

    Safe to call again: a job that has ended, or that another worker has in hand, is left alone.
    """
    with working_on(job_id) as mine:
        job = ImportJob.objects.select_related("created_by").filter(pk=job_id).first()
        if job is None or not mine or not job.is_open:
            return job.state if job else ""
        on_behalf_of(job.created_by)
        path = files.roll_of(job)
        started = {"state": ImportJob.State.RUNNING, "started_at": at, "read": 0}
        ImportJob.objects.filter(pk=job_id).update(**started, starts=F("starts") + 1)
        with translation.override(job.language), _beside(job_id) as progress:
            try:
                if not path.is_file():
                    raise SheetRefused(_("The file is no longer kept: upload it again."))
                ImportJob.objects.filter(pk=job_id).update(expected=count_rows(path))
                result = import_roll(
                    path,
                    job.year,
                    at=at,
                    rejects_to=files.rejects_of(job),
                    with_cells=True,
                    all_or_nothing=job.mode == ImportJob.Mode.ALL_OR_NOTHING,
                    dry_run=job.mode == ImportJob.Mode.CHECK,
                    progress=progress,
                )
                outcome = _outcome(result)
            except (SheetRefused, ImproperlyConfigured) as refused:
                outcome = {"state": ImportJob.State.REFUSED, "message": str(refused)}
        ImportJob.objects.filter(pk=job_id).update(**outcome, finished_at=timezone.now())
        if job.mode != ImportJob.Mode.CHECK or outcome["state"] == ImportJob.State.REFUSED:
            files.forget_roll(job)
        if not outcome.get("rejected"):
            files.rejects_of(job).unlink(missing_ok=True)
        return str(outcome["state"])


def mark_seen(job: ImportJob, *, actor: User, at: datetime) -> None:
    """Who handed the file in has looked at the result."""
    if not job.is_open and job.created_by_id == actor.pk:
        ImportJob.objects.filter(pk=job.pk, seen_at=None).update(seen_at=at)


def forget_old_files(today: date) -> int:
    """Delete the files of jobs whose time is over; how many jobs had some."""
    gone = 0
    for job_id in ImportJob.objects.filter(files_until__lt=today).values_list("pk", flat=True):
        if files.folder_of(job_id).is_dir() and not in_work([job_id]):
            files.forget(job_id)
            gone += 1
    return gone


def _new_job(**values: Any) -> ImportJob:
    at: datetime = values["at"]
    return ImportJob.objects.create(
        year=values["year"],
        mode=values["mode"],
        file_name=values["name"][-200:],
        file_size=values["size"],
        language=translation.get_language() or settings.LANGUAGE_CODE,
        created_by=values["actor"],
        created_at=at,
        files_until=timezone.localdate(at) + timedelta(days=settings.IMPORT_FILES_DAYS),
    )


def _send(job_id: int) -> bool:
    """Hand the job to whichever worker is free; False when the queue does not answer."""
    try:
        current_app.send_task(TASK, args=[job_id])
    except OperationalError:
        return False
    return True


@contextmanager
def _beside(job_id: int) -> Iterator[Progress]:
    """Report rows read through a connection of its own: the import's transaction is open."""
    side = connection.copy()

    def report(rows: int) -> None:
        with side.cursor() as cursor:
            cursor.execute(
                "UPDATE enrollment_importjob SET read = %s WHERE id = %s", [rows, job_id]
            )

    try:
        yield report
    finally:
        side.close()


def _outcome(result: RollImport) -> dict[str, Any]:
    refused = (
        _("Nothing was written, because rows were rejected: correct them and hand it in again.")
        if result.refused
        else ""
    )
    return {
        "state": ImportJob.State.REFUSED if result.refused else ImportJob.State.DONE,
        "read": result.read,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "first_rejects": [list(reject) for reject in result.first_rejects],
        "message": "\n".join([refused, *result.warnings]).strip(),
    }


def _require(actor: User) -> None:
    if not actor.has_perm("enrollment.import_roll"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("import an enrolment roll")}
        )
