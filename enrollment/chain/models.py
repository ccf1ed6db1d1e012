"""Links of the chain, and what each of them holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.transitions.models import append_only


class AuditLink(models.Model):
    """What was added since the link before, held by one digest (审计链).

    `digest` is the SHA-256 (hex) of `previous`, the time and every stretch, so that the newest
    one, the head, vouches for all rows before it. Kept outside the portal, on paper or on another
    machine, it shows any later change, also one by somebody who may do everything here.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    previous = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    closed_at = models.DateTimeField(_("closed at"))
    rows = models.PositiveBigIntegerField(_("rows added"))

    class Meta:
        verbose_name = _("link of the audit chain")
        verbose_name_plural = _("links of the audit chain")
        ordering = ["-number"]
        triggers = append_only("audit_link")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1) & models.Q(number=1, previous="")
                | models.Q(number__gt=1) & ~models.Q(previous=""),
                name="audit_link_follows_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:16]}"


class AuditStretch(models.Model):
    """The rows of one table in one link: those with keys above `after` up to `last`.

    `columns` are the columns that were digested, comma-separated: a column that a later
    release adds does not break what was held before it came.
    """

    link = models.ForeignKey(AuditLink, models.PROTECT, related_name="stretches")
    table = models.CharField(_("table"), max_length=63, db_collation="C")
    columns = models.TextField(_("columns"))
    after = models.BigIntegerField(_("after key"))
    last = models.BigIntegerField(_("up to key"))
    rows = models.PositiveBigIntegerField(_("rows"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("stretch of the audit chain")
        verbose_name_plural = _("stretches of the audit chain")
        ordering = ["table"]
        default_permissions = ()
        triggers = append_only("audit_stretch")
        constraints = [
            models.UniqueConstraint(fields=["link", "table"], name="audit_stretch_once_a_link"),
            models.CheckConstraint(
                condition=models.Q(last__gt=models.F("after")), name="audit_stretch_goes_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.after}–{self.last}"
