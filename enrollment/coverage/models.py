"""Enrolment by year, and what a year costs whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.history.tracking import keep_history
from enrollment.residents.models import IdentityKind, Person


@keep_history()
class PremiumStandard(models.Model):
    """What one resident's coverage costs in a year, in yuan (筹资标准).

    `personal` is the resident's own premium; the government tiers' shares are its
    `subsidies`. `confirmed` is false while the figure awaits the bureau's document.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    personal = models.DecimalField(_("personal premium (yuan)"), max_digits=14, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)
    confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        verbose_name = _("premium standard")
        verbose_name_plural = _("premium standards")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal__gte=0), name="premium_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


@keep_history(of="standard")
class PremiumSubsidy(models.Model):
    """One government tier's share of a year's premium, in yuan per resident (财政补助)."""

    class Tier(models.TextChoices):
        """Who pays."""

        CENTRAL = "central", _("central government")
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture")
        COUNTY = "county", _("county")
        TOGETHER = "together", _("all tiers together (split not published)")

    standard = models.ForeignKey(
        PremiumStandard, models.CASCADE, related_name="subsidies", verbose_name=_("standard")
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("government subsidy")
        verbose_name_plural = _("government subsidies")
        constraints = [
            models.UniqueConstraint(fields=["standard", "tier"], name="one_subsidy_per_tier"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="subsidy_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.amount}"


@keep_history(of="person", inserts=False)
class Enrolment(models.Model):
    """One resident's coverage in one benefit year (参保), both ends inclusive.

    Normally 1 January to 31 December; a newborn or a late payer starts later. At most one
    is active per person and year.
    """

    class Status(models.TextChoices):
        """An enrolment counts only while active."""

        ACTIVE = "active", _("active")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Category(models.TextChoices):
        """人员类别: ordinary, or the assistance identity under which the premium was paid."""

        ORDINARY = "ordinary", _("ordinary (普通)")
        EXTREMELY_POOR = IdentityKind.EXTREMELY_POOR.value, IdentityKind.EXTREMELY_POOR.label
        LOW_INCOME = IdentityKind.LOW_INCOME.value, IdentityKind.LOW_INCOME.label
        AT_RISK = IdentityKind.AT_RISK.value, IdentityKind.AT_RISK.label
        REGISTERED_POOR = IdentityKind.REGISTERED_POOR.value, IdentityKind.REGISTERED_POOR.label
        MEDICAL_AID = IdentityKind.MEDICAL_AID.value, IdentityKind.MEDICAL_AID.label
        PREFERENTIAL = IdentityKind.PREFERENTIAL.value, IdentityKind.PREFERENTIAL.label
        FIVE_GUARANTEE = IdentityKind.FIVE_GUARANTEE.value, IdentityKind.FIVE_GUARANTEE.label

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="enrolments", verbose_name=_("resident")
    )
    year = models.PositiveSmallIntegerField(_("benefit year"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    starts_on = models.DateField(_("covered from"))
    ends_on = models.DateField(_("covered to"))
    paid = models.DecimalField(
        _("personal premium paid (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                condition=models.Q(status="active"),
                name="one_active_enrolment_a_year",
                violation_error_message=_("This resident is already enrolled in that year."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on"))
                & models.Q(starts_on__year=models.F("year"))
                & models.Q(ends_on__year=models.F("year")),
                name="enrolment_within_its_year",
            ),
            models.CheckConstraint(
                condition=models.Q(paid__isnull=True) | models.Q(paid__gte=0),
                name="premium_paid_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_status_display()}"
