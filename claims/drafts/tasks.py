"""Drafts by the clock."""

from celery import shared_task
from django.utils import timezone

from claims.drafts.services import forget_drafts


@shared_task(name="claims.forget_drafts")
def forget_drafts_task() -> int:
    """Delete old drafts; the schedule calls it every night."""
    return forget_drafts(timezone.localdate())
