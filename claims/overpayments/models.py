"""Overpayments, the instalments agreed on, what came back or was cleared otherwise."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.corrections.models import Correction
from claims.ledger.models import Payer
from claims.payments.models import OrderShare
from enrollment.models import Institution, Person, User
from enrollment.transitions.models import TransitionRow, append_only


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
            ("propose_clearance", _("Can propose a set-off or a write-off")),
            ("approve_clearance", _("Can approve a set-off or a write-off")),
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
    note = models.CharField(pgettext_lazy("repayment", "agreement"), max_length=300)
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


class ClearanceState(models.TextChoices):
    """Where a clearance stands; `claims.overpayments.states` says what may follow what."""

    PROPOSED = "proposed", pgettext_lazy("clearance", "proposed")
    APPROVED = "approved", pgettext_lazy("clearance", "approved and posted")
    REJECTED = "rejected", pgettext_lazy("clearance", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("clearance", "withdrawn")


class Clearance(models.Model):
    """Clearing an overpayment without money coming in: set off (抵扣) or written off (核销).

    Proposed by one person, approved by another, or decided with the correction whose number is
    its document. `share` is what a set-off is taken from: the share of a waiting payment to the
    same payee with the same payer's money. Amounts are yuan.
    """

    class Kind(models.TextChoices):
        """What happens to the amount."""

        SET_OFF = "set_off", _("set-off against a payment")
        WRITE_OFF = "write_off", _("write-off")

    overpayment = models.ForeignKey(
        Overpayment, models.PROTECT, related_name="clearances", verbose_name=_("overpayment")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(
        _("state"), max_length=10, choices=ClearanceState, default=ClearanceState.PROPOSED
    )
    share = models.ForeignKey(
        OrderShare,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clearances",
        verbose_name=_("share of a payment"),
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    note = models.CharField(_("reason"), max_length=500)
    document = models.CharField(
        _("document"),
        max_length=200,
        help_text=_("The payee's consent to a set-off, the decision on a write-off."),
    )
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("set-offs and write-offs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["overpayment"],
                condition=Q(state="proposed"),
                name="one_open_clearance_per_overpayment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="clearance_positive"),
            models.CheckConstraint(
                condition=Q(kind="set_off", share__isnull=False) | Q(kind="write_off", share=None),
                name="clearance_set_off_has_share",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="clearance_frozen", exclude=["state"]),
            pgtrigger.Protect(name="clearance_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"D{self.pk:05d}"


class ClearanceTransition(TransitionRow):
    """One step of a clearance."""

    subject = models.ForeignKey(
        Clearance, models.PROTECT, related_name="transitions", verbose_name=_("clearance")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("step of a clearance")
        verbose_name_plural = _("steps of clearances")
        triggers = append_only("clearance_transition")


class Repayment(models.Model):
    """What an overpayment shrank by, in yuan, and the paper that shows it.

    Money that came back, or an approved clearance: then `document` is the clearance's number.
    The database refuses more than the overpayment's amount in all.
    """

    class Kind(models.TextChoices):
        """How."""

        RECEIVED = "received", _("money received")
        SET_OFF = "set_off", _("set off")
        WRITTEN_OFF = "written_off", _("written off")

    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.RECEIVED, db_default=Kind.RECEIVED
    )
    clearance = models.OneToOneField(
        Clearance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repayment",
        verbose_name=_("clearance"),
    )
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
            models.CheckConstraint(
                condition=Q(kind="received", clearance=None)
                | (~Q(kind="received") & Q(clearance__isnull=False)),
                name="repayment_of_a_clearance",
            ),
        ]
        triggers = [
            *append_only("repayment"),
            pgtrigger.Trigger(
                name="repayments_within",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("due", "NUMERIC"), ("back", "NUMERIC")],
                func="""
                    SELECT amount INTO due FROM claims_overpayment
                     WHERE id = NEW.overpayment_id FOR NO KEY UPDATE;
                    SELECT coalesce(sum(amount), 0) INTO back FROM claims_repayment
                     WHERE overpayment_id = NEW.overpayment_id;
                    IF back + NEW.amount > due THEN
                        RAISE EXCEPTION 'overpayment %: repayments of % would exceed %',
                            NEW.overpayment_id, back + NEW.amount, due
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"
