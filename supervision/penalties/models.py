"""What institutions owe: recoveries to the fund, fines to the state treasury.

Two ledgers that are never netted (条例 §45): a refund goes back to the fiscal special account,
a fine to the treasury. They share no table, no receipt and no ledger entry.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models import Institution, Suspension, User
from enrollment.transitions.models import append_only
from supervision.cases.models import Case


class Recovery(models.Model):
    """An order to return money to the fund (责令退回 / 追回违规费用), in yuan.

    On the basis of a penalty case, or of the agreement alone (协议处理), which knows no fine.
    """

    class Basis(models.TextChoices):
        """The two tracks that are never mixed."""

        PENALTY = "penalty", _("penalty case (行政处罚)")
        AGREEMENT = "agreement", _("agreement (协议处理)")

    number = models.CharField(_("document"), max_length=40, unique=True)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="recoveries", verbose_name=_("institution")
    )
    case = models.OneToOneField(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recovery",
        verbose_name=_("case"),
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-id"]
        permissions = [
            ("recover_by_agreement", _("Can recover money under the agreement")),
            ("record_receipt", _("Can record receipts of recoveries and fines")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=Q(basis="penalty", case__isnull=False)
                | Q(basis="agreement", case__isnull=True),
                name="recovery_basis",
            ),
        ]
        triggers = append_only("recovery")

    def __str__(self) -> str:
        return self.number


class Fine(models.Model):
    """A fine (罚款) decided in a case, in yuan, inside the range of its article.

    The range is stored with it, so that the database itself refuses a fine outside.
    """

    number = models.CharField(_("document"), max_length=40, unique=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="fines", verbose_name=_("institution")
    )
    case = models.OneToOneField(Case, models.PROTECT, related_name="fine", verbose_name=_("case"))
    article_code = models.CharField(_("item of law"), max_length=10, db_collation="C")
    article_since = models.DateField(_("wording in force since"))
    loss = models.DecimalField(_("loss of the fund"), max_digits=14, decimal_places=2)
    min_fine = models.DecimalField(_("least fine"), max_digits=14, decimal_places=2)
    max_fine = models.DecimalField(_("highest fine"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("fine")
        verbose_name_plural = _("fines")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0)
                & Q(amount__gte=F("min_fine"))
                & Q(amount__lte=F("max_fine")),
                name="fine_inside_its_article",
            ),
        ]
        triggers = append_only("fine")

    def __str__(self) -> str:
        return self.number


class Receipt(models.Model):
    """Money that has come in, by its voucher; one table for each ledger."""

    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("received on"))
    voucher = models.CharField(_("voucher number"), max_length=60, unique=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.voucher


def _never_above(owner: str) -> pgtrigger.Trigger:
    """Receipts of one recovery or fine may not sum to more than it (checked under its lock)."""
    return pgtrigger.Trigger(
        name=f"{owner}_receipts_within",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("due", "NUMERIC"), ("received", "NUMERIC")],
        func=f"""
            SELECT amount INTO due FROM supervision_{owner}
             WHERE id = NEW.{owner}_id FOR NO KEY UPDATE;
            SELECT coalesce(sum(amount), 0) INTO received FROM supervision_{owner}receipt
             WHERE {owner}_id = NEW.{owner}_id;
            IF received + NEW.amount > due THEN
                RAISE EXCEPTION '{owner} %: receipts of % would exceed %',
                    NEW.{owner}_id, received + NEW.amount, due
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  no input: the two names are ours
    )


class RecoveryReceipt(Receipt):
    """Money returned to the fiscal special account (财政专户)."""

    recovery = models.ForeignKey(
        Recovery, models.PROTECT, related_name="receipts", verbose_name=_("recovery")
    )

    class Meta(Receipt.Meta):
        verbose_name = _("receipt of a recovery")
        verbose_name_plural = _("receipts of recoveries")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_receipt_positive"),
        ]
        triggers = [*append_only("recovery_receipt"), _never_above("recovery")]


class FineReceipt(Receipt):
    """A fine paid into the treasury (国库)."""

    fine = models.ForeignKey(Fine, models.PROTECT, related_name="receipts", verbose_name=_("fine"))

    class Meta(Receipt.Meta):
        verbose_name = _("receipt of a fine")
        verbose_name_plural = _("receipts of fines")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fine_receipt_positive"),
        ]
        triggers = [*append_only("fine_receipt"), _never_above("fine")]


class SuspensionOrder(models.Model):
    """That a suspension of the agreement was ordered in a case."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="suspension_orders", verbose_name=_("case")
    )
    suspension = models.OneToOneField(
        Suspension, models.PROTECT, related_name="+", verbose_name=_("suspension")
    )

    class Meta:
        verbose_name = _("suspension order")
        verbose_name_plural = _("suspension orders")
        ordering = ["id"]
        triggers = append_only("suspension_order")

    def __str__(self) -> str:
        return str(self.suspension)
