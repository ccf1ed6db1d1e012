"""The app's tasks, each defined in its room."""

from enrollment.exports.tasks import export_task

__all__ = ["export_task"]
