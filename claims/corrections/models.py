"""Corrections of a resident's settled year, and the results they bring."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.ledger.models import Payer
from claims.settlement.models import SettledClaim
from enrollment.models import Person, User
from enrollment.transitions.models import TransitionRow, append_only


class CorrectionState(models.TextChoices):
    """Where a correction stands; `claims.corrections.states` says what may follow what."""

    PROPOSED = "proposed", pgettext_lazy("correction", "proposed")
    APPROVED = "approved", pgettext_lazy("correction", "approved and posted")
    REJECTED = "rejected", pgettext_lazy("correction", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("correction", "withdrawn")


class Cause(models.TextChoices):
    """Why a settled year is calculated anew."""

    LATE_BILL = "late_bill", _("late bill")
    REVERSAL = "reversal", _("claim reversed")
    IDENTITY = "identity", _("identity granted backwards")
    POLICY = "policy", _("policy corrected")
    OTHER = "other", pgettext_lazy("correction", "other")


class Correction(models.Model):
    """A resident's benefit year calculated anew (更正), by one scheme and policy version.

    `preview` is what was proposed, frozen: the changes of `claims.corrections.recalculation`
    in whole fen. `pays` is what payees get on top and `recovers` what they owe, in yuan, by
    payee, layer and payer. Approval posts exactly the preview or nothing.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="corrections", verbose_name=_("resident")
    )
    year = models.PositiveSmallIntegerField(_("benefit year"))
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    note = models.CharField(_("reason"), max_length=500)
    document = models.CharField(
        _("document"),
        max_length=200,
        blank=True,
        help_text=_("What it rests on: number and date of the paper."),
    )
    scheme = models.CharField(_("benefit scheme"), max_length=64)
    policy_version = models.PositiveIntegerField(_("version of the policy"))
    state = models.CharField(
        _("state"), max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    preview = models.JSONField(_("preview"))
    pays = models.DecimalField(_("to be paid"), max_digits=14, decimal_places=2)
    recovers = models.DecimalField(_("to be paid back"), max_digits=14, decimal_places=2)
    proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
        help_text=_("Empty when a command proposed it."),
    )
    proposed_at = models.DateTimeField(_("proposed at"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]
        permissions = [
            ("propose_correction", _("Can propose a correction of a settled year")),
            ("approve_correction", _("Can approve a correction of a settled year")),
        ]
        indexes = [models.Index(fields=["state", "id"], name="correction_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                condition=Q(state="proposed"),
                name="one_open_correction_per_year",
            ),
            models.CheckConstraint(
                condition=Q(pays__gte=0) & Q(recovers__gte=0), name="correction_not_negative"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="correction_frozen", exclude=["state"]),
            pgtrigger.Protect(name="correction_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"G{self.pk:05d}"


class CorrectionTransition(TransitionRow):
    """One step of a correction."""

    subject = models.ForeignKey(
        Correction, models.PROTECT, related_name="transitions", verbose_name=_("correction")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a correction")
        verbose_name_plural = _("steps of corrections")
        triggers = append_only("correction_transition")


class Revision(models.Model):
    """The new result of a settled claim under an approved correction; never changed.

    The latest revision of a claim holds, without one the settlement's result. A reversed
    claim pays nothing any more. paid + personal = the claim's total less what others paid before
    the scheme, in yuan.
    """

    correction = models.ForeignKey(
        Correction, models.PROTECT, related_name="revisions", verbose_name=_("correction")
    )
    settled = models.ForeignKey(
        SettledClaim,
        models.PROTECT,
        related_name="revisions",
        verbose_name=_("settled claim"),
        db_index=False,  # one_revision_per_number
    )
    number = models.PositiveSmallIntegerField(_("revision"))
    is_reversed = models.BooleanField(_("reversed"), default=False)
    paid_before = models.DecimalField(_("paid before"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid by all layers"), max_digits=14, decimal_places=2)
    personal = models.DecimalField(_("personal share"), max_digits=14, decimal_places=2)
    steps = models.TextField(_("steps"), blank=True)

    class Meta:
        verbose_name = _("revised result")
        verbose_name_plural = _("revised results")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["settled", "number"], name="one_revision_per_number"),
            models.UniqueConstraint(
                fields=["correction", "settled"], name="one_revision_per_correction"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1)
                & Q(paid__gte=0)
                & Q(personal__gte=0)
                & Q(paid_before__gte=0)
                & (Q(is_reversed=False) | Q(paid=0)),
                name="revision_conserves",
            ),
        ]
        triggers = append_only("revision")

    def __str__(self) -> str:
        return f"{self.settled_id}/{self.number}"


class RevisionLayer(models.Model):
    """What one layer paid on a revised claim before and pays after, and whose money it is."""

    revision = models.ForeignKey(
        Revision,
        models.PROTECT,
        related_name="layers",
        verbose_name=_("revised result"),
        db_index=False,  # one_revision_per_layer
    )
    layer = models.CharField(_("layer"), max_length=30)
    payer = models.CharField(_("payer"), max_length=20, choices=Payer)
    policy = models.CharField(_("policy"), max_length=80, blank=True)
    before = models.DecimalField(_("before"), max_digits=14, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("revised layer payment")
        verbose_name_plural = _("revised layer payments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "layer", "payer"], name="one_revision_per_layer"
            ),
            models.CheckConstraint(
                condition=Q(before__gte=0) & Q(after__gte=0) & (Q(before__gt=0) | Q(after__gt=0)),
                name="revised_layer_pays_something",
            ),
        ]
        triggers = append_only("revision_layer")

    def __str__(self) -> str:
        return f"{self.layer} {self.before} → {self.after}"
