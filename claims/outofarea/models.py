"""A filing of care outside the area, its rules by day, and what became of it."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.history.tracking import keep_history
from enrollment.models import Institution, Person, User
from enrollment.periods.expressions import no_overlap
from enrollment.transitions.models import TransitionRow, append_only


class FilingKind(models.TextChoices):
    """Why a resident is treated outside the area."""

    LONG_TERM = "long_term", _("long-term residence elsewhere (异地长期居住)")
    REFERRAL = "referral", _("referral to a hospital elsewhere (转诊)")
    EMERGENCY = "emergency", _("emergency elsewhere (急诊抢救)")


class FilingState(models.TextChoices):
    """Whether a filing stands; whether it holds on a day is a matter of its days."""

    FILED = "filed", pgettext_lazy("filing", "filed")
    WITHDRAWN = "withdrawn", pgettext_lazy("filing", "withdrawn")


@keep_history()
class FilingRule(models.Model):
    """How long filings hold and how late they may be made, from `starts_on` (inclusive).

    It holds for filings made until a later row begins. Periods without a number have no end or no
    limit. With `checks_claims`, what a stay outside the county gets follows from the filings alone
    for uploads too: without one it counts as not filed.
    """

    starts_on = models.DateField(_("valid from"), unique=True)
    long_term_months = models.PositiveSmallIntegerField(
        _("long-term residence (months)"),
        null=True,
        blank=True,
        help_text=_("Empty: until withdrawn."),
    )
    referral_months = models.PositiveSmallIntegerField(_("referral (months)"))
    emergency_months = models.PositiveSmallIntegerField(_("emergency (months)"))
    emergency_days = models.PositiveSmallIntegerField(
        _("emergency: to be filed within (working days)"),
        null=True,
        blank=True,
        help_text=_("Counted from the first day of treatment. Empty: no limit."),
    )
    checks_claims = models.BooleanField(
        _("claims follow the filings"),
        default=False,
        help_text=_("For services from the first day on, those of uploads included."),
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Document, number and article.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Compared with the document itself.")
    )

    class Meta:
        verbose_name = _("filing rule")
        verbose_name_plural = _("filing rules")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(long_term_months__isnull=True) | Q(long_term_months__gte=1))
                & Q(referral_months__gte=1)
                & Q(emergency_months__gte=1),
                name="filing_months_positive",
                violation_error_message=_("A period has at least one month."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.starts_on)

    def months_of(self, kind: str) -> int | None:
        """How many months a filing of the kind holds; None for no end."""
        return {
            FilingKind.LONG_TERM: self.long_term_months,
            FilingKind.REFERRAL: self.referral_months,
            FilingKind.EMERGENCY: self.emergency_months,
        }[FilingKind(kind)]


class AreaFiling(models.Model):
    """A resident's filing of care outside the area (异地就医备案).

    It holds for services from `starts_on` to `ends_on`, both inclusive, and no longer from
    `withdrawn_from` on; at the institution that it names, else wherever the institution's area
    begins with `area_code` (two, four or six digits). One of the two is given: a name alone cannot
    be told from a claim. A referral names the letter of the institution that refers.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="area_filings", verbose_name=_("resident")
    )
    kind = models.CharField(_("kind of filing"), max_length=10, choices=FilingKind)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid to"), null=True, blank=True)
    place = models.CharField(
        _("place of treatment"),
        max_length=80,
        help_text=_("Province and city, or county, of the treatment."),
    )
    area_code = models.CharField(
        _("division code of the place"),
        max_length=6,
        blank=True,
        db_collation="C",
        help_text=_("Two digits for a province, four for a city, six for a county: 4301."),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hospital elsewhere"),
        db_index=False,
    )
    referred_by = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("referred by"),
        db_index=False,
    )
    letter_no = models.CharField(_("referral letter number"), max_length=60, blank=True)
    letter_on = models.DateField(_("day of the letter"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=FilingState, default=FilingState.FILED
    )
    withdrawn_from = models.DateField(_("withdrawn from"), null=True, blank=True)
    filed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("filed by"), db_index=False
    )
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        verbose_name = _("filing of care outside the area")
        verbose_name_plural = _("filings of care outside the area")
        ordering = ["-id"]
        permissions = [("file_outside", _("Can file care outside the area"))]
        # What ends soon, and what ended last, a page at a time.
        indexes = [models.Index(fields=["ends_on", "id"], name="filing_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="filing_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="referral")
                | (Q(referred_by__isnull=False, letter_on__isnull=False) & ~Q(letter_no="")),
                name="referral_has_letter",
                violation_error_message=_("A referral names its letter: institution, number, day."),
            ),
            models.CheckConstraint(
                condition=Q(state="filed", withdrawn_from__isnull=True)
                | Q(state="withdrawn", withdrawn_from__gte=F("starts_on")),
                name="filing_withdrawn_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | ~Q(area_code="") | Q(state="withdrawn"),
                name="filing_has_place",
                violation_error_message=_("Name the hospital, or the division code of the place."),
            ),
            no_overlap(
                "long_term_filing_overlap",
                "person_id",
                _("The resident has filed long-term residence elsewhere in that period already."),
                condition=Q(kind="long_term", state="filed"),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="filing_frozen", exclude=["state", "withdrawn_from"]),
            pgtrigger.Protect(name="filing_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number on the slip."""
        return f"YD{self.starts_on:%Y}{self.pk:06d}"

    def holds_on(self, day: date) -> bool:
        """Whether it holds for services of that day."""
        return (
            self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
            and (self.withdrawn_from is None or day < self.withdrawn_from)
        )


class FilingTransition(TransitionRow):
    """One step of a filing."""

    subject = models.ForeignKey(
        AreaFiling,
        models.PROTECT,
        related_name="transitions",
        verbose_name=_("filing of care outside the area"),
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a filing")
        verbose_name_plural = _("steps of filings")
        triggers = append_only("filing_transition")
