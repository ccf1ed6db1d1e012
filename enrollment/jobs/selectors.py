"""How far an import job is, and which ones their owners have not seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from enrollment.access.models import User
from enrollment.jobs import files
from enrollment.jobs.locks import in_work
from enrollment.jobs.models import ImportJob

# A worker that is free takes a job within a moment.
_PATIENCE = timedelta(seconds=15)


@dataclass(frozen=True)
class JobProgress:
    """What the page of a job shows while it is open.

    Attributes:
        interrupted: it was begun and no process works on it now.
        unattended: nobody has taken it for a while.
        entering: all rows are read; the tables are being written.
    """

    job: ImportJob
    interrupted: bool
    unattended: bool
    entering: bool

    @property
    def may_start(self) -> bool:
        """Whether starting it again makes sense."""
        return self.interrupted or self.unattended


def job_progress(job: ImportJob, now: datetime) -> JobProgress:
    """How the job stands; one statement, none once it has ended."""
    if not job.is_open:
        return JobProgress(job, interrupted=False, unattended=False, entering=False)
    alive = bool(in_work([job.pk]))
    running = job.state == ImportJob.State.RUNNING
    return JobProgress(
        job,
        interrupted=running and not alive,
        unattended=not running and not alive and now - job.created_at > _PATIENCE,
        entering=running and alive and job.expected is not None and job.read >= job.expected,
    )


def unseen_jobs(user: User) -> QuerySet[ImportJob]:
    """The user's jobs that are under way, or whose result was not looked at."""
    return ImportJob.objects.filter(created_by=user, seen_at=None)


def has_rejects_file(job: ImportJob) -> bool:
    """Whether the workbook of rejected rows can be downloaded."""
    return job.rejected > 0 and job.files_until >= timezone.localdate() and _there(job)


def has_checked_file(job: ImportJob) -> bool:
    """Whether the file of a finished check can be imported."""
    return (
        job.mode == ImportJob.Mode.CHECK
        and job.state == ImportJob.State.DONE
        and files.roll_of(job).is_file()
    )


def _there(job: ImportJob) -> bool:
    return files.rejects_of(job).is_file()
