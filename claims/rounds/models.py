"""Rounds of corrections, their years, and the log of their steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.corrections.models import Cause, Correction
from enrollment.models import Person, User
from enrollment.transitions.models import TransitionRow, append_only


class RoundState(models.TextChoices):
    """Where a round stands; `claims.rounds.states` says what may follow what."""

    SEARCHING = "searching", _("calculating")
    READY = "ready", _("to be decided")
    POSTING = "posting", _("being posted")
    REJECTING = "rejecting", _("being rejected")
    DONE = "done", pgettext_lazy("round", "done")


class CorrectionRound(models.Model):
    """Settled years that one cause in the past may have touched (批量更正).

    Each year becomes a proposal of its own, or is found unchanged. A worker does it, year by
    year, each in a transaction: killed and begun again, it goes on where it stood. `since` is
    the first day of discharge, inclusive.
    """

    CAUSES = (
        (Cause.IDENTITY.value, Cause.IDENTITY.label),
        (Cause.POLICY.value, Cause.POLICY.label),
        (Cause.LATE_BILL.value, Cause.LATE_BILL.label),
    )

    cause = models.CharField(_("cause"), max_length=20, choices=CAUSES)
    scheme = models.CharField(_("benefit scheme"), max_length=64)
    policy_version = models.PositiveIntegerField(_("version of the policy"))
    since = models.DateField(_("discharged from"))
    note = models.CharField(_("reason"), max_length=500)
    document = models.CharField(_("document"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RoundState, default=RoundState.SEARCHING
    )
    years_found = models.PositiveIntegerField(_("years found"), default=0)
    started_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started at"))

    class Meta:
        verbose_name = _("round of corrections")
        verbose_name_plural = _("rounds of corrections")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "scheme"],
                condition=~models.Q(state="done"),
                name="one_open_round_per_cause",
                violation_error_message=_("A round for this cause is open: decide it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"L{self.pk:04d}"


class RoundTransition(TransitionRow):
    """One step of a round."""

    subject = models.ForeignKey(
        CorrectionRound, models.PROTECT, related_name="transitions", verbose_name=_("round")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a round")
        verbose_name_plural = _("steps of rounds")
        triggers = append_only("round_transition")


class RoundYear(models.Model):
    """One resident's benefit year in a round: a working record of what came of it."""

    class Outcome(models.TextChoices):
        """WAITING: not calculated yet."""

        WAITING = "waiting", _("waiting")
        UNCHANGED = "unchanged", _("unchanged")
        PROPOSED = "proposed", pgettext_lazy("correction", "proposed")
        REFUSED = "refused", _("cannot be calculated")
        POSTED = "posted", pgettext_lazy("correction", "approved and posted")
        REJECTED = "rejected", pgettext_lazy("correction", "rejected")
        STALE = "stale", _("to be proposed anew")
        APART = "apart", _("decided by itself")

    round = models.ForeignKey(
        CorrectionRound, models.PROTECT, related_name="years", verbose_name=_("round")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("resident"))
    year = models.PositiveSmallIntegerField(_("benefit year"))
    claims = models.PositiveIntegerField(_("claims that may change"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    correction = models.ForeignKey(
        Correction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("correction"),
    )
    detail = models.CharField(_("details"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("year of a round")
        verbose_name_plural = _("years of rounds")
        indexes = [models.Index(fields=["round", "outcome", "id"], name="round_year_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["round", "person", "year"], name="one_year_per_round"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.year}"
