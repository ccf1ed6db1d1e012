"""The exports' Celery task: thin, and safe to run again."""

from celery import shared_task

from enrollment.exports.running import run_export


@shared_task(name="enrollment.exports.run")
def export_task(export_id: int) -> int:
    """Write a long list to its file; see `enrollment.exports.running`."""
    return run_export(export_id)
