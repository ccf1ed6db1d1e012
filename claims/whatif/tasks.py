"""The what-if's Celery task: thin, and safe to run again."""

from celery import shared_task
from django.utils import timezone

from claims.whatif.services import TASK, run_what_if


@shared_task(name=TASK)
def what_if_task(run_id: int) -> str:
    """Work through a what-if run; see `run_what_if`."""
    return run_what_if(run_id, at=timezone.now())
