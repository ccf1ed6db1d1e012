"""Penalty cases (行政处罚案件): what is charged, by whom, and where the case stands."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.history.tracking import keep_history
from enrollment.models import Institution, User
from enrollment.transitions.models import TransitionRow, append_only


class CaseState(models.TextChoices):
    """Where a case stands; `supervision.cases.states` says what may follow what."""

    FILED = "filed", _("filed, to be notified")
    NOTIFIED = "notified", _("notified, to be decided")
    DECIDED = "decided", _("decided, money outstanding")
    EXECUTED = "executed", _("executed, to be closed")
    CLOSED = "closed", _("closed")
    TERMINATED = "terminated", _("terminated")


# A case that has a decision.
AFTER_DECISION = (CaseState.DECIDED, CaseState.EXECUTED, CaseState.CLOSED)


class NumberSeries(models.Model):
    """The last number given in a series of a year; `supervision.cases.numbering` counts on."""

    key = models.CharField(max_length=20, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(fields=["key", "year"], name="one_series_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}: {self.last}"


@keep_history(inserts=False, unwatched=("state",))
class Case(models.Model):
    """One act of one institution under one article, from filing (立案) to closure (结案).

    The article is the wording in force when the act was done (`article_since` is its first
    day); `min_fine` and `max_fine` are what it allows for the loss, in yuan, inclusive. What
    is decided may not exceed what the party was notified of (处罚法 §44, §45): the database
    refuses it.
    """

    number = models.CharField(_("case number"), max_length=40, unique=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="cases", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=20, choices=CaseState, default=CaseState.FILED)
    article_code = models.CharField(_("item of law"), max_length=10, db_collation="C")
    article_since = models.DateField(_("wording in force since"))
    act_from = models.DateField(_("act from"))
    act_to = models.DateField(_("act to"))
    loss = models.DecimalField(_("loss of the fund"), max_digits=14, decimal_places=2)
    min_fine = models.DecimalField(_("least fine"), max_digits=14, decimal_places=2)
    max_fine = models.DecimalField(_("highest fine"), max_digits=14, decimal_places=2)
    officer = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("first officer")
    )
    second_officer = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("second officer")
    )
    opened_on = models.DateField(_("filed on"))

    notified_on = models.DateField(_("notified on"), null=True, blank=True)
    facts = models.TextField(_("facts, reasons and basis"), max_length=4000, blank=True)
    notified_recovery = models.DecimalField(
        _("recovery notified"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    notified_fine = models.DecimalField(
        _("fine notified"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    defence_until = models.DateField(_("may be heard until"), null=True, blank=True)
    refused_to_correct = models.BooleanField(_("refused to correct"), default=False)
    fine_is_due = models.BooleanField(_("the article demands a fine"), default=False)

    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_recovery = models.DecimalField(
        _("recovery decided"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    decided_fine = models.DecimalField(
        _("fine decided"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    defence = models.TextField(_("statement and defence"), max_length=4000, blank=True)
    heard_on = models.DateField(_("heard on"), null=True, blank=True)
    exemption_ground = models.CharField(_("ground of exemption"), max_length=300, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        permissions = [
            ("open_case", _("Can open, terminate and close cases")),
            ("notify_case", _("Can notify the party of a case")),
            ("decide_penalty", _("Can decide recoveries and fines")),
        ]
        indexes = [models.Index(fields=["state", "id"], name="case_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(officer=F("second_officer")),
                name="case_two_officers",
                violation_error_message=_("The two officers must be different people."),
            ),
            models.CheckConstraint(
                condition=Q(act_to__gte=F("act_from")) & Q(act_from__gte=F("article_since")),
                name="case_act_under_its_article",
            ),
            models.CheckConstraint(
                condition=Q(loss__gte=0, min_fine__gte=0) & Q(max_fine__gte=F("min_fine")),
                name="case_amounts",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(notified_on__lte=F("decided_on")),
                name="case_notified_before_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | (
                    Q(decided_recovery__gte=0, decided_fine__gte=0)
                    & Q(decided_recovery__lte=F("notified_recovery"))
                    & Q(decided_fine__lte=F("notified_fine"))
                ),
                name="case_decided_within_notice",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | Q(fine_is_due=False)
                | Q(decided_fine__gt=0)
                | ~Q(exemption_ground=""),
                name="case_fine_or_exemption",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_DECISION) | Q(decided_on__isnull=False),
                name="case_decided_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseTransition(TransitionRow):
    """One step of a case; see `supervision.cases.states`."""

    subject = models.ForeignKey(
        Case, models.PROTECT, related_name="transitions", verbose_name=_("case")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("case transition")
        verbose_name_plural = _("case transitions")
        triggers = append_only("case_transition")
