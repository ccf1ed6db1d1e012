"""Overpayments, the instalments agreed on, and what came back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.corrections.models import Correction
from claims.ledger.models import Payer
from enrollment.models import Institution, Person, User
from enrollment.transitions.models import append_only


class Overpayment(models.Model):
    """What one payee owes one payer after a correction (待退回), in yuan.

    One per payee, layer and payer, since the money goes back into that payer's books. What is
    open is the amount less the receipts.
    """

    correction = models.ForeignKey(
        Correction, models.PROTECT, related_name="overpayments", verbose_name=_("correction")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="overpayments",
        verbose_name=_("resident"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="overpayments",
        verbose_name=_("institution"),
    )
    layer = models.CharField(_("layer"), max_length=30)
    payer = models.CharField(_("payer"), max_length=20, choices=Payer)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    opened_on = models.DateField(_("opened on"))

    class Meta:
        verbose_name = _("overpayment")
        verbose_name_plural = _("overpayments")
        ordering = ["-id"]
        permissions = [
            ("agree_repayment", _("Can agree on instalments of an overpayment")),
            ("record_repayment", _("Can record what came back of an overpayment")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "person", "institution", "layer", "payer"],
                nulls_distinct=False,
                name="one_overpayment_per_layer",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="overpayment_positive"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, institution=None)
                | Q(person=None, institution__isnull=False),
                name="overpayment_one_payee",
            ),
        ]
        triggers = append_only("overpayment")

    def __str__(self) -> str:
        return f"T{self.pk:05d}"


class RepaymentPlan(models.Model):
    """Instalments agreed with the payee; the latest plan of an overpayment holds."""

    overpayment = models.ForeignKey(
        Overpayment, models.PROTECT, related_name="plans", verbose_name=_("overpayment")
    )
    agreed_on = models.DateField(_("agreed on"))
    note = models.CharField(_("agreement"), max_length=300)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("repayment plan")
        verbose_name_plural = _("repayment plans")
        ordering = ["id"]
        triggers = append_only("repayment_plan")

    def __str__(self) -> str:
        return f"{self.overpayment}"


class Instalment(models.Model):
    """One part of a plan, due on a day; the parts sum to what was open at the agreement."""

    plan = models.ForeignKey(
        RepaymentPlan, models.PROTECT, related_name="instalments", verbose_name=_("repayment plan")
    )
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="one_instalment_per_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]
        triggers = append_only("instalment")

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"


class Repayment(models.Model):
    """What came back of an overpayment, in yuan, and the paper that shows it."""

    overpayment = models.ForeignKey(
        Overpayment, models.PROTECT, related_name="repayments", verbose_name=_("overpayment")
    )
    on = models.DateField(_("received on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    document = models.CharField(_("receipt number"), max_length=60, db_collation="C")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["overpayment", "document"], name="one_repayment_per_document"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="repayment_positive"),
        ]
        triggers = append_only("repayment")

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"
