"""An application for the certificate of a special outpatient disease, and what became of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.certificates.models import SpecialCertificate
from claims.diseases.models import ApplicationPaper, SpecialDisease
from enrollment.history.tracking import keep_history
from enrollment.models import Institution, Person, User
from enrollment.transitions.models import TransitionRow, append_only


class ApplicationState(models.TextChoices):
    """Where an application stands; `claims.specialcare.states` says what may follow what."""

    FILED = "filed", pgettext_lazy("application", "awaiting first review")
    RETURNED = "returned", pgettext_lazy("application", "papers to be supplied")
    CHECKED = "checked", pgettext_lazy("application", "awaiting the panel")
    AGREED = "agreed", pgettext_lazy("application", "awaiting recheck")
    ISSUED = "issued", pgettext_lazy("application", "certificate issued")
    REFUSED = "refused", pgettext_lazy("application", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


OPEN = (
    ApplicationState.FILED,
    ApplicationState.RETURNED,
    ApplicationState.CHECKED,
    ApplicationState.AGREED,
)


class RefusalReason(models.TextChoices):
    """Why an application is refused."""

    BELOW_STANDARD = "below_standard", _("the disease does not meet the standard")
    EVIDENCE = "evidence", _("the evidence does not prove the disease")
    NOT_INSURED = "not_insured", _("not insured here")
    DUPLICATE = "duplicate", _("the benefit is held already")
    FALSE_PAPERS = "false_papers", _("false papers")


@keep_history(unwatched=("state",))
class SpecialApplication(models.Model):
    """A resident's application for the benefit of a disease (门诊慢特病待遇认定申请).

    `papers` are the kinds handed in. A renewal names the certificate that it continues; issued,
    it names the certificate that came of it.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="special_applications", verbose_name=_("resident")
    )
    disease = models.ForeignKey(
        SpecialDisease,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("special disease"),
    )
    evidence_from = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        verbose_name=_("hospital of the evidence"),
        db_index=False,
    )
    diagnosis = models.CharField(_("diagnosis"), max_length=200)
    papers = ArrayField(
        models.CharField(max_length=20, choices=ApplicationPaper), verbose_name=_("papers")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chosen institution"),
        db_index=False,
    )
    renews = models.ForeignKey(
        SpecialCertificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("renewal of"),
        db_index=False,
    )
    certificate = models.OneToOneField(
        SpecialCertificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("special disease certificate"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ApplicationState, default=ApplicationState.FILED
    )
    filed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("filed by"), db_index=False
    )
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        verbose_name = _("special disease application")
        verbose_name_plural = _("special disease applications")
        ordering = ["-id"]
        permissions = [
            ("file_special", _("Can file applications for special diseases")),
            ("review_special", _("Can do the first review of special disease applications")),
            ("judge_special", _("Can record what the panel decided")),
            ("recheck_special", _("Can recheck applications and issue certificates")),
        ]
        indexes = [models.Index(fields=["state", "id"], name="special_application_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease"],
                condition=Q(state__in=["filed", "returned", "checked", "agreed"]),
                name="one_open_application_per_disease",
                violation_error_message=_(
                    "An application of this resident for this disease is under way already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="issued", certificate__isnull=False)
                | (~Q(state="issued") & Q(certificate__isnull=True)),
                name="issued_application_has_certificate",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number of the application."""
        return f"TM{self.pk:07d}"


class ApplicationTransition(TransitionRow):
    """One step of an application."""

    subject = models.ForeignKey(
        SpecialApplication,
        models.PROTECT,
        related_name="transitions",
        verbose_name=_("special disease application"),
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        triggers = append_only("application_transition")


class PanelVote(models.Model):
    """How one member of the panel (评审专家) voted on an application; never changed."""

    application = models.ForeignKey(
        SpecialApplication,
        models.PROTECT,
        related_name="votes",
        verbose_name=_("special disease application"),
    )
    name = models.CharField(_("member of the panel"), max_length=60)
    workplace = models.CharField(_("workplace"), max_length=120, blank=True)
    agrees = models.BooleanField(_("agrees"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("vote of the panel")
        verbose_name_plural = _("votes of the panel")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "name"], name="one_vote_per_member_and_application"
            ),
        ]
        triggers = append_only("panel_vote")

    def __str__(self) -> str:
        return self.name
