"""A job that failed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User


class FailedJob(models.Model):
    """A worker's job that ended in an error (失败任务).

    `detail` is what the portal itself said, where it refused; of any other error only its `kind`
    is kept, because its text may hold somebody's data: the whole stands in the worker's journal
    under `task_id`. An operator takes note of it with what was done.
    """

    task = models.CharField(_("job"), max_length=100, db_collation="C")
    task_id = models.CharField(_("number in the journal"), max_length=64, db_collation="C")
    failed_at = models.DateTimeField(_("failed at"))
    kind = models.CharField(_("kind of error"), max_length=100, db_collation="C")
    detail = models.CharField(_("what the portal said"), max_length=500, blank=True)
    noted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted at"), null=True)
    remedy = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("failed job")
        verbose_name_plural = _("failed jobs")
        ordering = ["-id"]
        permissions = [("note_failedjob", _("Can take note of failed jobs"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(noted_by=None, noted_at=None, remedy="")
                | models.Q(noted_by__isnull=False, noted_at__isnull=False) & ~models.Q(remedy=""),
                name="failed_job_noted_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"], name="failed_jobs_unnoted", condition=models.Q(noted_by=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.failed_at:%Y-%m-%d}"
