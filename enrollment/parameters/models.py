"""One figure from one day on."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.history.tracking import keep_history


class ParameterQuerySet(models.QuerySet["LegalParameter"]):
    """Rows by whether they hold."""

    def in_force(self) -> "ParameterQuerySet":
        """What was shipped or moved in by a release, and what a second person has approved."""
        return self.filter(models.Q(entered_by=None) | models.Q(approved_by__isnull=False))

    def proposed(self) -> "ParameterQuerySet":
        """What waits for the second person."""
        return self.filter(entered_by__isnull=False, approved_by=None)


@keep_history()
class LegalParameter(models.Model):
    """A figure of the law or of the bureau's rules, valid from `starts_on` (inclusive).

    It holds until a later row of the same code begins. A change is a new row, so that what was
    decided under the old figure can still be explained. A row entered by a person holds only once
    another person has approved it.
    """

    class Code(models.TextChoices):
        """What the figure is; code reads it by this name."""

        CLAIM_TERM = "claim_term", _("deciding a window claim (working days)")
        PHONE_FROM = "phone_verification_from", _("phone verification from (yuan)")
        LETTER_FROM = "letter_verification_from", _("letter verification from (yuan)")
        BIRTH_AGE_FROM = "birth_age_from", _("usual age at birth of a child, from (years)")
        BIRTH_AGE_TO = "birth_age_to", _("usual age at birth of a child, to (years)")
        CASE_TERM = "case_term", _("deciding a penalty case after its filing (days)")
        FINE_TERM = "fine_term", _("paying a fine after receipt of the decision (days)")
        SURCHARGE = "fine_surcharge", _("surcharge on a late fine (percent a day)")
        REVIEW_TERM = "reconsideration_term", _("applying for reconsideration (days)")
        LAWSUIT_TERM = "lawsuit_term", _("bringing an administrative lawsuit (months)")

    code = models.CharField(_("parameter"), max_length=40, choices=Code)
    starts_on = models.DateField(_("valid from"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Document, number and article.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Compared with the document itself.")
    )

    entered_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("Empty for what came with the portal."),
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal parameter")
        verbose_name_plural = _("legal parameters")
        ordering = ["code", "-starts_on"]
        permissions = [("approve_legalparameter", _("Can approve legal parameters"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | models.Q(approved_at__isnull=False)
                & ~models.Q(approved_by=models.F("entered_by")),
                name="parameter_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="one_parameter_value_a_day",
                violation_error_message=_("A value from that day is entered already."),
            ),
            models.CheckConstraint(
                condition=models.Q(value__gt=Decimal(0)), name="parameter_value_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.value.normalize():f}"

    @property
    def is_proposed(self) -> bool:
        """Whether a second person must still approve it."""
        return self.entered_by_id is not None and self.approved_by_id is None
