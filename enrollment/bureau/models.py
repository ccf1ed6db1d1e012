"""The bureau's own settings: one row."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.history.tracking import keep_history


@keep_history()
class Bureau(models.Model):
    """The bureau that runs this portal, and how it chooses to work."""

    name = models.CharField(
        pgettext_lazy("organisation", "name"), max_length=80, default="医疗保障局"
    )
    division = models.ForeignKey(
        "enrollment.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("county or city"),
    )
    address = models.CharField(
        pgettext_lazy("organisation", "address"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Papers name it, so that people know where to come."),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True, default="", db_default="")
    government = models.CharField(
        _("government that hears reconsiderations"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_("By its full name. Left empty, it is the government of the county or city."),
    )
    court = models.CharField(
        _("court for administrative lawsuits"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_("By its full name. A penalty cannot be decided without it."),
    )
    fine_account = models.CharField(
        _("account for fines"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Payee, bank and number of the treasury's account, as decisions name it."),
    )
    fund_account = models.CharField(
        _("account for money of the fund"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Payee, bank and number of the account that recoveries and benefits return to."
        ),
    )
    scheme = models.CharField(
        _("benefit scheme"),
        max_length=60,
        default="yongshun-resident",
        help_text=_("Code of the scheme that claims are calculated by."),
    )
    clerk_check_is_first_review = models.BooleanField(
        _("the clerk's check is the first review"),
        default=True,
        help_text=_(
            "When on, a claim that a clerk submits at the window goes straight to the second "
            "review by another person."
        ),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes without use until logout"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
        help_text=_("5 to 120. A minute before, the page asks whether somebody is still there."),
    )
    is_demonstration = models.BooleanField(
        _("demonstration data"),
        default=False,
        editable=False,
        help_text=_("Set when the demonstration county is loaded; every page then says so."),
    )

    class Meta:
        verbose_name = _("bureau settings")
        verbose_name_plural = _("bureau settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_bureau"),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__range=(5, 120)), name="bureau_idle_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """There is one row."""
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]
