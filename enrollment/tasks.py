"""The app's tasks, each defined in its room."""

from enrollment.jobs.tasks import forget_import_files_task, import_roll_task

__all__ = ["forget_import_files_task", "import_roll_task"]
