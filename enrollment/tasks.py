"""The app's tasks, each defined in its room."""

from enrollment.exports.tasks import export_task
from enrollment.jobs.tasks import forget_import_files_task, import_roll_task

__all__ = ["export_task", "forget_import_files_task", "import_roll_task"]
