"""One enquiry at a hospital about one claim."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from enrollment.models import Institution, User
from enrollment.transitions.models import append_only


class Verification(models.Model):
    """A phone call or letter about a claim of a hospital without agreement (真实性核查).

    It stands for the facts that were verified: a correction of hospital, invoice or total needs a
    new one. Rows are never changed.
    """

    class Method(models.TextChoices):
        """How the hospital was asked."""

        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")

    class Result(models.TextChoices):
        """What the hospital answered."""

        CONFIRMED = "confirmed", _("confirmed: genuine")
        REFUTED = "refuted", _("not confirmed: differs or unknown")

    claim = models.ForeignKey(
        Claim, models.PROTECT, related_name="verifications", verbose_name=_("claim")
    )
    method = models.CharField(_("method"), max_length=10, choices=Method)
    counterpart = models.CharField(
        _("who answered"), max_length=100, help_text=_("Department and person at the hospital.")
    )
    reference = models.CharField(
        _("number called or letter number"), max_length=60, db_collation="C"
    )
    answered_on = models.DateField(_("answered on"))
    result = models.CharField(_("result"), max_length=10, choices=Result)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        verbose_name=_("institution"),
        db_index=False,
    )
    invoice_no = models.CharField(_("invoice number"), max_length=40, blank=True, db_collation="C")
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    verified_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("verified by"), db_index=False
    )
    verified_at = models.DateTimeField(_("verified at"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["id"]
        permissions = [("verify_claim", _("Can verify claims at the hospital"))]
        triggers = append_only("verification")

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.answered_on}"
