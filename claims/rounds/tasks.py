"""The rounds' Celery task: thin, and safe to run again."""

from celery import shared_task
from django.utils import timezone

from claims.rounds.services import TASK
from claims.rounds.work import work_on_round


@shared_task(name=TASK)
def work_on_round_task(round_id: int) -> str:
    """Do what is left to do of a round; see `work_on_round`."""
    return work_on_round(round_id, at=timezone.now())
