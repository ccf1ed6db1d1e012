"""One paper of one claim."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from enrollment.history.tracking import keep_history
from enrollment.models import User


class PaperKind(models.TextChoices):
    """What may be asked for: the four of 经办条例 §20, who one is, where to pay, who acts."""

    INVOICE = "invoice", _("invoice (收费票据)")
    COST_LIST = "cost_list", _("cost list (费用清单)")
    DIAGNOSIS = "diagnosis", _("diagnosis certificate (诊断证明)")
    RECORDS = "records", _("medical records (病历资料)")
    IDENTITY = "identity", _("identity document (身份证件)")
    ACCOUNT = "account", _("bank account (银行账户)")
    GUARDIAN = "guardian", _("guardian's papers (监护人材料)")


@keep_history(of="claim", inserts=False)
class ClaimPaper(models.Model):
    """A paper that the claim needs: handed in on a day, or still to be supplied (一次性告知).

    Rows are written at entry; a missing paper gets its day when it comes in and is never taken
    back.
    """

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="papers", verbose_name=_("claim"), db_index=False
    )
    kind = models.CharField(_("paper"), max_length=20, choices=PaperKind)
    handed_in_on = models.DateField(
        _("handed in on"), null=True, blank=True, help_text=_("Empty while to be supplied.")
    )
    received_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received by"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("paper of a claim")
        verbose_name_plural = _("papers of claims")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind"], name="one_paper_per_kind"),
            models.CheckConstraint(
                condition=models.Q(handed_in_on__isnull=True, received_by__isnull=True)
                | models.Q(handed_in_on__isnull=False, received_by__isnull=False),
                name="paper_received_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
