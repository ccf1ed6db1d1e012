"""Visits to designated institutions, and what was found there."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.history.tracking import keep_history
from enrollment.models import Institution, User
from enrollment.transitions.models import TransitionRow, append_only


class VisitState(models.TextChoices):
    """Whether the visit has taken place."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("done")


@keep_history(inserts=False, unwatched=("state",))
class Visit(models.Model):
    """An inspection on site (现场检查) by two inspectors with certificates (条例 §29)."""

    class Source(models.TextChoices):
        """What gave rise to it."""

        DAILY = "daily", _("daily inspection")
        SPECIAL = "special", _("special campaign")
        FLIGHT = "flight", _("unannounced inspection")
        REPORT = "report", _("report by a citizen")
        TRANSFER = "transfer", _("transferred clue")
        MONITOR = "monitor", _("intelligent monitoring")
        SELF_CHECK = "self_check", _("self-check by the institution")

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="visits", verbose_name=_("institution")
    )
    visited_on = models.DateField(_("day of the visit"))
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.DAILY)
    state = models.CharField(_("state"), max_length=20, choices=VisitState, default=VisitState.DONE)
    inspector = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("first inspector")
    )
    second_inspector = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("second inspector")
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    charts_sampled = models.PositiveIntegerField(_("charts sampled"), default=0)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("inspection visit")
        verbose_name_plural = _("inspection visits")
        ordering = ["-visited_on", "-id"]
        permissions = [("log_visit", _("Can record inspection visits and findings"))]
        indexes = [models.Index(fields=["institution", "visited_on"], name="visit_of_institution")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(inspector=F("second_inspector")),
                name="visit_two_inspectors",
                violation_error_message=_("The two inspectors must be different people."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.visited_on}"


class VisitTransition(TransitionRow):
    """One step of a visit; see `supervision.inspections.states`."""

    subject = models.ForeignKey(
        Visit, models.PROTECT, related_name="transitions", verbose_name=_("visit")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("visit transition")
        verbose_name_plural = _("visit transitions")
        triggers = append_only("visit_transition")


@keep_history(of="visit", inserts=False)
class Finding(models.Model):
    """A breach found on a visit (违规问题): which item of law, when, and what the fund lost.

    It may be corrected until it is dealt with. It is dealt with once: by a penalty case
    (行政处罚) or by a recovery under the agreement (协议处理), never by both; from then on the
    database refuses any change.
    """

    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="findings", verbose_name=_("visit")
    )
    article_code = models.CharField(_("item of law"), max_length=10, db_collation="C")
    description = models.CharField(_("what was found"), max_length=500)
    act_from = models.DateField(_("from"))
    act_to = models.DateField(_("to"))
    loss = models.DecimalField(_("loss of the fund"), max_digits=14, decimal_places=2)
    people_count = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    claims_note = models.CharField(_("claims concerned"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    case = models.ForeignKey(
        "supervision.Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("case"),
    )
    recovery = models.ForeignKey(
        "supervision.Recovery",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("recovery under the agreement"),
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(case__isnull=True, recovery__isnull=True),
                name="finding_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(act_to__gte=F("act_from")),
                name="finding_ends_after_start",
                violation_error_message=_("The act ends before it starts."),
            ),
            models.CheckConstraint(condition=Q(loss__gte=0), name="finding_loss_not_negative"),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(recovery__isnull=True),
                name="finding_dealt_with_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="finding_no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="finding_settled_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.case_id IS NOT NULL OR OLD.recovery_id IS NOT NULL"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_code} {self.description}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has dealt with it yet."""
        return self.case_id is None and self.recovery_id is None
