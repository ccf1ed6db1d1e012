"""Keeping failures, and taking note of them."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.chain.checks import ChainBroken
from enrollment.failures.models import FailedJob
from enrollment.sheets import SheetRefused
from enrollment.transitions.table import TransitionRefused

log = logging.getLogger("portal.jobs")

# Whose words are the portal's own: which record, and what to do; no more than a screen shows.
_OWN_WORDS = (CommandError, TransitionRefused, SheetRefused, ChainBroken)


class NotedAlready(TransitionRefused):
    """Somebody else has taken note of the failure."""


def record_failure(task: str, task_id: str, error: BaseException, *, at: datetime) -> None:
    """Keep that a job failed. Never raises: a database that is away must not hide the error."""
    detail = str(error)[:500] if isinstance(error, _OWN_WORDS) else ""
    kind = type(error).__name__[:100]
    log.error("%s %s failed: %s", task, task_id, kind)
    try:
        FailedJob.objects.create(
            task=task[:100], task_id=task_id[:64], failed_at=at, kind=kind, detail=detail
        )
    except DatabaseError as away:
        log.error("the failure could not be kept: %s", type(away).__name__)


def note_failure(job: FailedJob, *, actor: User, at: datetime, remedy: str) -> FailedJob:
    """Say what was done about it. Raises NotedAlready, ValidationError without a remedy."""
    if not remedy.strip():
        raise ValidationError({"remedy": _("Say what was done, or why nothing is to do.")})
    with transaction.atomic():
        locked = FailedJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if locked.noted_at is not None:
            raise NotedAlready(_("Somebody has taken note of it already."))
        locked.noted_by, locked.noted_at, locked.remedy = actor, at, remedy
        locked.save(update_fields=["noted_by", "noted_at", "remedy"])
    return locked
