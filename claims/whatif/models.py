"""A draft policy run on a year's settled claims, how far it is, and what came out."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.policies.models import PolicyProposal
from enrollment.models import User


class WhatIfRun(models.Model):
    """The settled claims of a benefit year under a draft policy and under the approved one (测算).

    What is compared is fixed when it is asked for: `base_scheme` and `base_version` are the
    approved side (version 0 is the set that the portal ships), the draft is the proposal laid
    over the versions of its own scheme up to `over_version`. Nothing is settled or paid by it.

    `result` is what `claims.whatif.comparison` found: sums by group in whole fen and a bounded
    list of the residents who gain and lose most. It stays as it was found.
    """

    class State(models.TextChoices):
        """RUNNING also means: interrupted, to be started again."""

        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("in work")
        DONE = "done", _("finished")
        FAILED = "failed", _("failed")

    proposal = models.ForeignKey(
        PolicyProposal,
        models.PROTECT,
        related_name="what_ifs",
        verbose_name=_("proposal"),
    )
    year = models.PositiveSmallIntegerField(_("benefit year"))
    whole_year = models.BooleanField(
        _("new values held the whole year"),
        default=False,
        help_text=_("Off: each new value from its own day."),
    )
    base_scheme = models.CharField(_("approved benefit scheme"), max_length=64, db_collation="C")
    base_version = models.PositiveIntegerField(_("approved version"))
    over_version = models.PositiveIntegerField(
        _("version beneath the draft"),
        help_text=_("The draft's rows are laid over this version of its own scheme."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    expected = models.PositiveIntegerField(_("claims expected"), default=0)
    done = models.PositiveIntegerField(_("claims calculated"), default=0)
    result = models.JSONField(_("result"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    starts = models.PositiveSmallIntegerField(_("times started"), default=0)
    asked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
        help_text=_("Empty when a command asked for it."),
    )
    asked_at = models.DateTimeField(_("asked for at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("what-if run")
        verbose_name_plural = _("what-if runs")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("run_whatif", _("Can run a draft policy on a year's claims"))]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "year"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_open_what_if",
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False, finished_at__isnull=False)
                | (~Q(state="done") & Q(result__isnull=True)),
                name="what_if_done_has_result",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="what_if_result_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["done", "failed"]),
            ),
            pgtrigger.Protect(name="what_if_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"C{self.pk:04d}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
