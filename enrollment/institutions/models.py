"""Designated institutions, their agreements and suspensions."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.history.tracking import keep_history
from enrollment.institutions.names import parts_of_name
from enrollment.periods.expressions import no_overlap
from enrollment.privacy.fields import SealedTextField


@keep_history()
class Institution(models.Model):
    """A hospital, outpatient department, pharmacy or village clinic (医药机构).

    That it exists says nothing about payment: an `Agreement` covering the date of service
    makes it designated (定点).
    """

    class Kind(models.TextChoices):
        """类别."""

        HOSPITAL = "hospital", _("hospital")
        OUTPATIENT = "outpatient_department", _("outpatient department")
        PHARMACY = "pharmacy", _("pharmacy")
        VILLAGE_CLINIC = "village_clinic", _("village clinic")

    class Level(models.TextChoices):
        """级别, which the policies' deductibles and rates depend on."""

        TOWNSHIP = "township", _("township level")
        COUNTY = "county", _("county level")
        CITY = "city", _("city level")
        PROVINCE = "province", _("province level")

    code = models.CharField(_("code"), max_length=20, unique=True, db_collation="C")
    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=120)
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, db_collation="C"
    )
    address = models.CharField(
        pgettext_lazy("organisation", "address"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("As on its licence; a penalty decision must name it."),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    division = models.ForeignKey(
        "enrollment.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("division"),
    )
    in_county = models.BooleanField(
        _("in the county"),
        default=True,
        help_text=_("Outside the county the filing of the stay matters."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("parent institution"),
    )
    account_no = SealedTextField(_("bank account"), blank=True, default=str)
    account_name = models.CharField(_("account holder"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["name"], name="institution_name"),
            GinIndex(parts_of_name(), name="institution_name_parts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="institution_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@keep_history(of="institution")
class Agreement(models.Model):
    """A service agreement (服务协议) with an institution, both ends inclusive.

    Agreements of one institution may not overlap.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="agreements", verbose_name=_("institution")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_ends_after_start",
            ),
            no_overlap(
                "agreement_overlap",
                "institution_id",
                _("This institution already has an agreement in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


@keep_history(of="agreement__institution")
class Suspension(models.Model):
    """A suspension of an agreement (中止协议), both ends inclusive.

    Costs of services inside it are not paid (令2 §42). It names the paper that ordered it.
    """

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="suspensions", verbose_name=_("agreement")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200)
    document = models.CharField(_("document"), max_length=120)
    ordered_by = models.ForeignKey(
        "enrollment.User", models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered at"))

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["-starts_on"]
        permissions = [("suspend_agreement", _("Can suspend an agreement"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="suspension_ends_after_start",
            ),
            no_overlap(
                "suspension_overlap",
                "agreement_id",
                _("This agreement is already suspended in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
