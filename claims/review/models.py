"""The log of a claim's way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from enrollment.transitions.models import TransitionRow, append_only, refers_to


class ClaimTransition(TransitionRow):
    """One step of a claim; see `claims.review.states`."""

    subject = models.ForeignKey(
        Claim,
        models.PROTECT,
        related_name="transitions",
        verbose_name=_("claim"),
        db_constraint=False,  # refers_to
    )
    changes = models.JSONField(
        _("changed fields"),
        null=True,
        blank=True,
        help_text=_("Of a correction: each changed field with its old and new value."),
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("claim transition")
        verbose_name_plural = _("claim transitions")
        triggers = [
            *append_only("claim_transition"),
            refers_to("claim_transition", "subject_id", "claims_claim"),
        ]
