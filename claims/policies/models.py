"""Benefit policies in the database: proposals, the rows they bring, who confirmed a row.

A scheme is never edited. Somebody proposes a change, another person approves it, and its rows
hold from their own first days; a correction is a further proposal. What a settlement was
calculated by is named by the scheme's code and `version`, and can be read again at any time.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import User
from enrollment.transitions.models import TransitionRow, append_only


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved, in force")
    REJECTED = "rejected", pgettext_lazy("policy", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("policy", "withdrawn")


class PolicyProposal(models.Model):
    """A change of one benefit scheme (待遇政策): its rows come into force together or not at all.

    `structure` is the scheme as the YAML file has it, without its values: name, note, layers
    with kind, payer, name and settings. `version` is given at the approval: 1, 2, … per scheme.
    """

    scheme = models.CharField(_("benefit scheme"), max_length=64, db_collation="C")
    title = models.CharField(_("subject"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED
    )
    structure = models.JSONField(_("structure"))
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
        help_text=_("Empty when a command loaded it."),
    )
    proposed_at = models.DateTimeField(_("proposed at"))

    class Meta:
        verbose_name = _("policy proposal")
        verbose_name_plural = _("policy proposals")
        ordering = ["-id"]
        permissions = [
            ("propose_policy", _("Can propose benefit policies")),
            ("approve_policy", _("Can approve benefit policies")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "version"], name="one_proposal_per_policy_version"
            ),
            models.CheckConstraint(
                condition=Q(state="approved", version__isnull=False)
                | (~Q(state="approved") & Q(version__isnull=True)),
                name="approved_policy_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProposalTransition(TransitionRow):
    """One step of a proposal; see `claims.policies.states`."""

    subject = models.ForeignKey(
        PolicyProposal, models.PROTECT, related_name="transitions", verbose_name=_("proposal")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a policy proposal")
        verbose_name_plural = _("steps of policy proposals")
        triggers = append_only("proposal_transition")


class PolicyRow(models.Model):
    """One value of one parameter from its first day on, with the article it stands in.

    `starts_on` empty means always; `value` is what the YAML file has (amounts and rates as
    quoted decimals), null ends what held before. Of several approved rows of the same first
    day the one of the latest version holds: a correction.
    """

    proposal = models.ForeignKey(
        PolicyProposal, models.PROTECT, related_name="rows", verbose_name=_("proposal")
    )
    layer = models.CharField(_("benefit layer"), max_length=64, db_collation="C")
    parameter = models.CharField(_("parameter"), max_length=64, db_collation="C")
    starts_on = models.DateField(_("holds from"), null=True, blank=True)
    value = models.JSONField(_("value"), null=True, blank=True)
    document_zh = models.CharField(_("document (Chinese)"), max_length=200)
    document_en = models.CharField(_("document (English)"), max_length=200)
    article_zh = models.CharField(_("article (Chinese)"), max_length=200)
    article_en = models.CharField(_("article (English)"), max_length=200)
    confirmed = models.BooleanField(
        _("confirmed"),
        default=False,
        help_text=_("The bureau has compared the value with the document."),
    )

    class Meta:
        verbose_name = _("policy row")
        verbose_name_plural = _("policy rows")
        ordering = ["layer", "parameter", "starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "layer", "parameter", "starts_on"],
                nulls_distinct=False,
                name="one_policy_row_per_day",
            ),
        ]
        triggers = append_only("policy_row")

    def __str__(self) -> str:
        return f"{self.layer}.{self.parameter}"


class PolicyConfirmation(models.Model):
    """That somebody compared a row with its document (核定), and when: append-only."""

    row = models.OneToOneField(
        PolicyRow, models.PROTECT, related_name="confirmation", verbose_name=_("policy row")
    )
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("what it was compared with"), max_length=300)

    class Meta:
        verbose_name = _("confirmation of a policy row")
        verbose_name_plural = _("confirmations of policy rows")
        triggers = append_only("policy_confirmation")

    def __str__(self) -> str:
        return f"{self.row_id} {self.at:%Y-%m-%d}"
