"""One scanned file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from claims.papers.models import PaperKind
from enrollment.models import User


class ClaimAttachment(models.Model):
    """A scan that belongs to a claim; the file lies in the data directory under a random name.

    A scan that was attached by mistake is removed with a reason: the file goes, the row and its
    checksum stay.
    """

    claim = models.ForeignKey(
        Claim, models.PROTECT, related_name="attachments", verbose_name=_("claim")
    )
    kind = models.CharField(_("paper"), max_length=20, choices=PaperKind)
    original_name = models.CharField(_("file name"), max_length=120)
    stored_as = models.CharField(max_length=32, unique=True, db_collation="C", editable=False)
    content_type = models.CharField(_("type"), max_length=20)
    size = models.PositiveIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    sha256 = models.CharField("SHA-256", max_length=64, db_collation="C")
    attached_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("attached by"), db_index=False
    )
    attached_at = models.DateTimeField(_("attached at"))
    removed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removed by"),
        db_index=False,
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_because = models.CharField(_("removed because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="one_scan_once_per_claim",
                violation_error_message=_("This file is attached already."),
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_because="")
                | (models.Q(removed_at__isnull=False) & ~models.Q(removed_because="")),
                name="scan_removed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
