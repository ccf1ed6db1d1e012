"""Files made of lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.privacy.fields import SealedTextField


class Export(models.Model):
    """A list that somebody had written to a file (导出记录): who, which filters, how many rows.

    It stays when the file is gone: data that leave the portal leave a trace. The query may hold
    an identity number that was searched for, so it is sealed; `filters` says the same in words,
    numbers masked.
    """

    class Format(models.TextChoices):
        """What Excel opens."""

        XLSX = "xlsx", _("Excel workbook")
        CSV = "csv", _("CSV (UTF-8)")

    class State(models.TextChoices):
        """RUNNING also means: waiting for a worker."""

        RUNNING = "running", _("being written")
        READY = "ready", _("ready to download")
        SENT = "sent", _("downloaded at once")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("file deleted")

    actor = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
        db_index=False,  # export_actor
    )
    list = models.CharField(_("list"), max_length=80, db_collation="C")
    query = SealedTextField(_("query"), blank=True, default=str)
    filters = models.CharField(_("filters"), max_length=500, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    # Codes of the townships that the rows were cut by, with spaces; empty for the whole county.
    townships = models.TextField(_("townships"), blank=True, default="", db_default="")
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created_at = models.DateTimeField(_("at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failure = models.CharField(_("failed because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [
            ("export_list", _("Can export lists")),
            ("view_all_exports", _("Can see what everybody exported")),
        ]
        indexes = [
            models.Index(fields=["actor", "id"], name="export_actor"),
            models.Index(fields=["created_at", "id"], name="export_at"),
            models.Index(fields=["id"], name="export_with_file", condition=models.Q(state="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
