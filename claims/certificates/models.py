"""A resident's certificate of one disease, and what became of it."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.diseases.models import SpecialDisease
from enrollment.models import Institution, Person, User
from enrollment.periods.expressions import DateRange, IdRange
from enrollment.transitions.models import TransitionRow, append_only


class CertificateState(models.TextChoices):
    """Whether the certificate stands; whether it holds on a day is a matter of its days."""

    ISSUED = "issued", pgettext_lazy("certificate", "issued")
    REVOKED = "revoked", pgettext_lazy("certificate", "revoked")


class SpecialCertificate(models.Model):
    """The qualification for a special outpatient disease (门诊慢特病待遇资格).

    It holds from `starts_on` to `ends_on`, both inclusive, without an end where `ends_on` is
    empty, and no longer from `revoked_from` on. `document` is what it rests on: the application,
    or the paper of the system before the portal.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", verbose_name=_("resident")
    )
    disease = models.ForeignKey(
        SpecialDisease,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("special disease"),
    )
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState, default=CertificateState.ISSUED
    )
    revoked_from = models.DateField(_("revoked from"), null=True, blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chosen institution"),
        db_index=False,
    )
    document = models.CharField(_("document"), max_length=120)
    issued_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("issued by"), db_index=False
    )
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("special disease certificate")
        verbose_name_plural = _("special disease certificates")
        ordering = ["-id"]
        permissions = [
            ("revoke_certificate", _("Can revoke a special disease certificate")),
            ("carry_certificate", _("Can enter a certificate of the system before")),
        ]
        # What ends soon, and what ended last, a page at a time.
        indexes = [models.Index(fields=["ends_on", "id"], name="certificate_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="certificate_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(state="issued", revoked_from__isnull=True)
                | Q(state="revoked", revoked_from__gte=F("starts_on")),
                name="certificate_revoked_from_a_day",
            ),
            ExclusionConstraint(
                name="certificate_overlap",
                expressions=[
                    (IdRange("person_id", "person_id", Value("[]")), RangeOperators.OVERLAPS),
                    (IdRange("disease_id", "disease_id", Value("[]")), RangeOperators.OVERLAPS),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="issued"),
                violation_error_message=_(
                    "The resident holds a certificate of this disease in that period already."
                ),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="certificate_frozen", exclude=["state", "revoked_from"]),
            pgtrigger.Protect(name="certificate_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number on the paper."""
        return f"MT{self.starts_on:%Y}{self.pk:06d}"

    def holds_on(self, day: date) -> bool:
        """Whether it gives the benefit for services of that day."""
        return (
            self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
            and (self.revoked_from is None or day < self.revoked_from)
        )


class CertificateTransition(TransitionRow):
    """One thing that became of a certificate."""

    subject = models.ForeignKey(
        SpecialCertificate,
        models.PROTECT,
        related_name="transitions",
        verbose_name=_("special disease certificate"),
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a certificate")
        verbose_name_plural = _("steps of certificates")
        triggers = append_only("certificate_transition")
