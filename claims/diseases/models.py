"""The catalogue of special outpatient diseases and the calendar of their review, as dated rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.history.tracking import keep_history
from enrollment.models import Institution


class ApplicationPaper(models.TextChoices):
    """What an applicant may be asked for; nothing that is on record (经办条例 §31)."""

    IDENTITY = "identity", _("identity document (身份证件)")
    DIAGNOSIS = "diagnosis", _("diagnosis certificate (诊断证明)")
    RECORDS = "records", _("medical records (病历资料)")
    REPORTS = "reports", _("examination reports (检查检验报告)")
    PATHOLOGY = "pathology", _("pathology report (病理报告)")
    DIALYSIS = "dialysis", _("dialysis records (透析记录)")
    SURGERY = "surgery", _("operation record (手术记录)")


@keep_history()
class SpecialDisease(models.Model):
    """One disease of the catalogue (门诊慢特病病种), from `starts_on` to `ends_on`, both inclusive.

    `diagnoses` are beginnings of ICD-10 codes: a diagnosis that begins with one of them, with the
    disease's own code, or that names the disease, is of this disease.
    """

    code = models.CharField(
        _("code"), max_length=12, unique=True, db_collation="C", help_text=_("Such as M03900.")
    )
    name = models.CharField(pgettext_lazy("disease", "name"), max_length=60)
    diagnoses = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("diagnoses"),
        help_text=_("Beginnings of ICD-10 codes, separated by commas: E10,E11."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Document, number and article.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Compared with the document itself.")
    )

    class Meta:
        verbose_name = _("special disease")
        verbose_name_plural = _("special diseases")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="disease_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@keep_history(of="disease")
class DiseaseTerm(models.Model):
    """What a disease asks for and how long its certificate holds, from `starts_on` (inclusive).

    It holds for applications filed until a later row of the disease begins.
    """

    disease = models.ForeignKey(
        SpecialDisease, models.PROTECT, related_name="terms", verbose_name=_("special disease")
    )
    starts_on = models.DateField(_("valid from"))
    months = models.PositiveSmallIntegerField(
        _("validity: months"),
        null=True,
        blank=True,
        help_text=_("Empty: the certificate holds without an end."),
    )
    papers = ArrayField(
        models.CharField(max_length=20, choices=ApplicationPaper), verbose_name=_("papers")
    )
    lowest_level = models.CharField(
        _("evidence from a hospital of at least"), max_length=10, choices=Institution.Level
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Document, number and article.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Compared with the document itself.")
    )

    class Meta:
        verbose_name = _("validity and papers of a disease")
        verbose_name_plural = _("validity and papers of diseases")
        ordering = ["disease", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["disease", "starts_on"],
                name="one_disease_term_a_day",
                violation_error_message=_("A row from that day is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(months__gte=1), name="disease_months_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disease} {self.starts_on}"


@keep_history()
class ReviewCalendar(models.Model):
    """In which months and on which of their days applications are decided.

    It holds from `starts_on` (inclusive) until a later row begins. All days are inclusive; a last
    day that a month does not have is the month's last. With `checks_claims`, special-outpatient
    claims of services from `starts_on` on are paid with a certificate of the disease only.
    """

    starts_on = models.DateField(_("valid from"), unique=True)
    months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("months"),
        help_text=_("Separated by commas: 3,6,9,12."),
    )
    first_review_from = models.PositiveSmallIntegerField(_("first review: first day"))
    first_review_to = models.PositiveSmallIntegerField(_("first review: last day"))
    panel_from = models.PositiveSmallIntegerField(_("panel: first day"))
    panel_to = models.PositiveSmallIntegerField(_("panel: last day"))
    recheck_from = models.PositiveSmallIntegerField(_("recheck: first day"))
    recheck_to = models.PositiveSmallIntegerField(_("recheck: last day"))
    panel_size = models.PositiveSmallIntegerField(
        _("members of the panel, at least"), help_text=_("Two at the very least.")
    )
    checks_claims = models.BooleanField(
        _("claims need a certificate"),
        default=False,
        help_text=_(
            "For services from the first day on. Enter the certificates of the system before "
            "until then."
        ),
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Document, number and article.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Compared with the document itself.")
    )

    class Meta:
        verbose_name = _("review calendar")
        verbose_name_plural = _("review calendars")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_review_from__gte=1)
                & Q(first_review_to__gte=F("first_review_from"))
                & Q(panel_from__gt=F("first_review_to"))
                & Q(panel_to__gte=F("panel_from"))
                & Q(recheck_from__gt=F("panel_to"))
                & Q(recheck_to__gte=F("recheck_from"))
                & Q(recheck_to__lte=31),
                name="review_days_follow_each_other",
                violation_error_message=_(
                    "First review, panel and recheck must follow each other within the month."
                ),
            ),
            models.CheckConstraint(
                condition=Q(panel_size__gte=2),
                name="panel_of_two",
                violation_error_message=_("A panel has two members at the very least."),
            ),
            models.CheckConstraint(
                condition=Q(months__len__gte=1) & Q(months__contained_by=list(range(1, 13))),
                name="review_months_of_a_year",
                violation_error_message=_("Months are numbers from 1 to 12."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.starts_on)
