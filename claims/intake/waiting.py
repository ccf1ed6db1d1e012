"""What waits: a narrow table beside the claims."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim, ClaimState
from enrollment.models import Person


class WaitingClaim(models.Model):
    """That a claim waits: its row comes, moves and goes with the claim's state, by triggers.

    The queues of the desks and of the night read this narrow table instead of all claims.
    """

    claim = models.OneToOneField(
        Claim,
        models.PROTECT,
        primary_key=True,
        related_name="waiting",
        verbose_name=_("claim"),
        db_constraint=False,  # written by the claims' triggers alone
    )
    state = models.CharField(_("state"), max_length=20, choices=ClaimState)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        verbose_name=_("resident"),
        db_constraint=False,
        db_index=False,  # waiting_to_settle
    )
    approved_on = models.DateField(_("approved on"), null=True)

    class Meta:
        verbose_name = _("claim that waits")
        verbose_name_plural = _("claims that wait")
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "claim"], name="waiting_queue"),
            # The night walks along the residents whose claims wait for it.
            models.Index(
                fields=["person"], name="waiting_to_settle", condition=Q(state="approved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.state}"
