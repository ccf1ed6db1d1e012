"""The settlement's Celery tasks: thin, and safe to run again."""

import logging
from datetime import date, timedelta

import psycopg
from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from claims.settlement.locks import SettlementUnderWay
from claims.settlement.parts import settle_part
from claims.settlement.services import settle_up_to
from claims.settlement.workers import NIGHT_TASK, TASK
from enrollment.access.models import User


@shared_task(name=TASK)
def settle_part_task(part_id: int) -> int:
    """Settle one part of a run; see `claims.settlement.workers`."""
    return settle_part(part_id)


logger = logging.getLogger(__name__)

# The database was away, or went away: COPY raises the driver's own error.
_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError)


@shared_task(
    name=NIGHT_TASK,
    autoretry_for=_AWAY,
    retry_backoff=60,  # seconds, doubled each time
    retry_backoff_max=30 * 60,
    retry_jitter=False,
    max_retries=8,
)
def settle_up_to_task(day: str | None = None, actor_id: int | None = None) -> int:
    """Settle all claims approved up to `day` (ISO); without it, up to yesterday.

    The schedule calls it without arguments. While the database is away it is tried again after
    1, 2, 4 … minutes, for some two hours. Where another process settles already, it is left to
    that one. Returns the run's number, 0 for another's.
    """
    up_to = date.fromisoformat(day) if day else timezone.localdate() - timedelta(days=1)
    actor = User.objects.get(pk=actor_id) if actor_id else None
    try:
        return settle_up_to(up_to, actor=actor, at=timezone.now()).run.pk
    except SettlementUnderWay as elsewhere:
        logger.warning("the settlement is left to another process: %s", elsewhere)
        return 0
