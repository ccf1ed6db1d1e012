"""The jobs' Celery tasks: thin, and safe to run again."""

from celery import shared_task
from django.utils import timezone

from enrollment.handfiles.storage import drop_old
from enrollment.jobs.services import TASK, forget_old_files, run_job


@shared_task(name=TASK)
def import_roll_task(job_id: int) -> str:
    """Work through an import job; see `run_job`."""
    return run_job(job_id, at=timezone.now())


@shared_task(name="enrollment.forget_import_files")
def forget_import_files_task() -> int:
    """Delete files whose time is over; the schedule calls it every night."""
    return forget_old_files(timezone.localdate()) + drop_old()
