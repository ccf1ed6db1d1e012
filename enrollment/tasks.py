"""The app's tasks, each defined in its room."""

from enrollment.chain.tasks import extend_audit_task, verify_audit_task
from enrollment.exports.tasks import export_task
from enrollment.jobs.tasks import forget_import_files_task, import_roll_task

__all__ = [
    "export_task",
    "extend_audit_task",
    "forget_import_files_task",
    "import_roll_task",
    "verify_audit_task",
]
