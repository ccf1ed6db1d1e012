"""An enrolment roll handed in by a page, and how far it has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportJob(models.Model):
    """One roll that somebody handed in (参保名册导入).

    The row is the job's memory: the page reads it however often the browser was closed. Counts
    are in rows of the file. `first_rejects` holds the first rejected rows as
    (row, column, reason, remedy), in the language of who handed the file in.

    The uploaded file is gone once it is imported or refused; a checked one stays for the
    import, and the workbook of rejected rows for correcting, until `files_until` (inclusive).
    """

    class Mode(models.TextChoices):
        """What happens to the good rows."""

        CHECK = "check", _("check only")
        GOOD_ROWS = "good_rows", _("import the good rows")
        ALL_OR_NOTHING = "all_or_nothing", _("all or nothing")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("in work")
        DONE = "done", _("finished")
        REFUSED = "refused", _("refused, nothing written")

    year = models.PositiveSmallIntegerField(_("benefit year"))
    mode = models.CharField(_("mode"), max_length=20, choices=Mode)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.PositiveBigIntegerField(_("size in bytes"))
    file_sha256 = models.CharField(_("checksum of the file"), max_length=64)
    language = models.CharField(max_length=10)
    expected = models.PositiveIntegerField(_("rows expected"), null=True)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    created = models.PositiveIntegerField(_("newly enrolled"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    message = models.TextField(_("message"), blank=True)
    first_rejects = models.JSONField(_("first rejected rows"), default=list)
    starts = models.PositiveSmallIntegerField(_("times started"), default=0)
    created_by = models.ForeignKey(
        "enrollment.User", models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )
    created_at = models.DateTimeField(_("handed in at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    seen_at = models.DateTimeField(_("result seen at"), null=True)
    files_until = models.DateField(_("files kept until"))

    class Meta:
        verbose_name = _("roll import")
        verbose_name_plural = _("roll imports")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("import_roll", _("Can import an enrolment roll"))]
        indexes = [
            models.Index(
                fields=["created_by"],
                name="import_job_unseen",
                condition=models.Q(seen_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "running"))
                | models.Q(finished_at__isnull=False),
                name="import_job_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.year})"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
