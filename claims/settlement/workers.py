"""Spreading a run over Celery workers, and waiting for them.

A part is sent as one task. Progress and completion are read from the parts' rows, never from
a result backend. A part whose worker has died (its lock is free, it is not finished) is sent
again; settling it twice does no harm.
"""

import time
from collections.abc import Callable

from celery import current_app
from django.db.models import Sum
from django.utils.translation import gettext as _

from claims.settlement.locks import parts_in_work
from claims.settlement.models import SettlementRun, SettlementShard
from enrollment.transitions.table import TransitionRefused

TASK = "claims.settle_part"
NIGHT_TASK = "claims.settle_up_to"
# Between two looks, the least and the most; between them a twentieth of what has passed.
SHORTEST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
# Seconds between two questions whether any worker is alive.
PING_EVERY = 10


class NoWorker(TransitionRefused):
    """No Celery worker answers."""


def require_workers() -> None:
    """Raise NoWorker when none answers within two seconds."""
    if not current_app.control.ping(timeout=2, limit=1):
        raise NoWorker(
            _(
                "No worker answers. Start one (`celery -A config worker`), or settle without "
                "--shards: then the command does the work itself."
            )
        )


def send_part(part: SettlementShard) -> None:
    """Hand a part to whichever worker is free."""
    current_app.send_task(TASK, args=[part.pk])


def settle_by_workers(run: SettlementRun, progress: Callable[[int], None] | None = None) -> None:
    """Send all parts and wait until each is finished.

    Raises NoWorker when the last worker goes away; the run can be resumed then.
    """
    for part in run.shards.filter(finished_at=None):
        send_part(part)
    started: set[int] = set()
    began = asked = time.monotonic()
    while True:
        open_parts = list(run.shards.filter(finished_at=None))
        if progress is not None:
            progress(run.shards.aggregate(done=Sum("done"))["done"] or 0)
        if not open_parts:
            return
        in_work = parts_in_work([part.pk for part in open_parts])
        for part in open_parts:
            if part.pk in started and part.pk not in in_work:
                started.discard(part.pk)
                if not SettlementShard.objects.filter(pk=part.pk, finished_at=None).exists():
                    continue
                send_part(part)
        started |= in_work
        now = time.monotonic()
        if now - asked > PING_EVERY and not in_work:
            require_workers()
            asked = now
        time.sleep(min(max((now - began) / 20, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS))
