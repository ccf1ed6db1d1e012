"""What a job is called on screens: in the schedule, among the failed ones, where one is late.

The schedule's rows carry the same English words, as migrations wrote them.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.desk.tags import Label

JOBS: dict[str, Label] = {
    "claims.settle_up_to": _("Nightly settlement"),
    "claims.settle_part": _("Part of a settlement"),
    "claims.what_if": _("What-if run"),
    "claims.work_on_round": _("Round of corrections"),
    "claims.forget_drafts": _("Forget old drafts of claims"),
    "enrollment.import_roll": _("Import of a roll"),
    "enrollment.forget_import_files": _("Forget files of roll imports"),
    "enrollment.exports.run": pgettext_lazy("job", "Export of a list"),
    "config.pulse": _("Pulse of the schedule"),
    "enrollment.extend_audit": _("Extend the audit chain"),
    "enrollment.verify_audit": _("Prove the audit chain"),
}


def job_name(task: str) -> Label:
    """The job in words; its own name where it has none."""
    return JOBS.get(task, task)
