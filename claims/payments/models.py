"""Payment orders, batches and what the bank said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.corrections.models import Correction
from claims.intake.models import Claim
from claims.ledger.models import Payer
from claims.settlement.models import SettlementRun
from enrollment.models import Institution, Person, User
from enrollment.privacy.fields import SealedTextField
from enrollment.transitions.models import TransitionRow, append_only
from enrollment.values.identifiers import mask_account


class BatchState(models.TextChoices):
    """Where a batch stands; `claims.payments.states` says what may follow what."""

    DRAFT = "draft", _("to be approved")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent to the bank")
    CLOSED = "closed", _("answered by the bank")
    CANCELLED = "cancelled", _("cancelled")


class PaymentBatch(models.Model):
    """Orders that go to the bank in one file (拨付批次), approved by a second person."""

    number = models.CharField(_("batch number"), max_length=20, db_collation="C")
    state = models.CharField(
        _("state"), max_length=20, choices=BatchState, default=BatchState.DRAFT
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("put together by")
    )
    created_at = models.DateTimeField(_("put together at"))
    orders_count = models.PositiveIntegerField(_("orders"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    file_sha256 = models.CharField(_("SHA-256 of the bank file"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ["-id"]
        permissions = [
            ("make_batch", _("Can put payment batches together")),
            ("approve_batch", _("Can approve a payment batch")),
            ("exchange_bank_files", _("Can write bank files and read bank returns")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_batch_per_number"),
        ]

    def __str__(self) -> str:
        return self.number


class BatchTransition(TransitionRow):
    """One step of a batch."""

    subject = models.ForeignKey(
        PaymentBatch, models.PROTECT, related_name="transitions", verbose_name=_("batch")
    )

    class Meta(TransitionRow.Meta):
        verbose_name = _("batch transition")
        verbose_name_plural = _("batch transitions")
        triggers = append_only("batch_transition")


class OrderState(models.TextChoices):
    """Where an order stands."""

    PENDING = "pending", _("to be paid")
    BATCHED = "batched", _("in a batch")
    PAID = "paid", _("paid by the bank")
    FAILED = "failed", _("failed at the bank")
    REPLACED = "replaced", _("replaced by a new order")
    SET_OFF = "set_off", _("set off in full")


class PaymentOrder(models.Model):
    """An amount owed to one payee by the settlement or a correction (拨付单).

    A window claim's order goes to the resident; an institution's uploads of one run share
    one order. A correction has one order per payee. When the bank fails an order, the account
    is corrected and a new order `replaces` it: the failed one keeps its story. The account is
    a copy of the day it was made. `amount` is what the bank pays: the shares less what was set
    off against them; an order that is set off whole never goes to the bank.
    """

    number = models.CharField(_("order number"), max_length=24, db_collation="C")
    state = models.CharField(
        _("state"), max_length=20, choices=OrderState, default=OrderState.PENDING
    )
    run = models.ForeignKey(
        SettlementRun,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("settlement run"),
    )
    correction = models.ForeignKey(
        Correction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("correction"),
        db_index=False,  # one_first_order_per_correction
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("claim"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("resident"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("institution"),
    )
    account_no = SealedTextField(_("account"), blank=True, default=str)
    account_name = models.CharField(_("account holder"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    batch = models.ForeignKey(
        PaymentBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("batch"),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    failure = models.CharField(_("the bank's reason"), max_length=120, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"))
    ordered_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ordered again by"),
        help_text=_("Empty when the settlement made the order."),
    )

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        permissions = [("pay_again", _("Can order a failed payment again"))]
        indexes = [
            models.Index(fields=["state", "id"], name="order_queue"),
            models.Index(fields=["paid_on", "id"], name="order_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_order_per_number"),
            models.CheckConstraint(
                condition=(Q(amount__gt=0) & ~Q(state="set_off")) | Q(amount=0, state="set_off"),
                name="order_amount_positive",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False, correction=None)
                | Q(run=None, correction__isnull=False),
                name="order_one_origin",
            ),
            # A run pays a resident by claim, a correction by resident.
            models.CheckConstraint(
                condition=Q(
                    claim__isnull=False, person__isnull=False, institution=None, correction=None
                )
                | Q(claim=None, person__isnull=False, institution=None, run=None)
                | Q(claim=None, person=None, institution__isnull=False),
                name="order_one_payee",
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(replaces=None), name="one_first_order_per_claim"
            ),
            models.UniqueConstraint(
                fields=["run", "institution"],
                condition=Q(replaces=None, claim=None),
                name="one_first_order_per_institution",
            ),
            models.UniqueConstraint(
                fields=["correction", "person", "institution"],
                condition=Q(replaces=None, correction__isnull=False),
                nulls_distinct=False,
                name="one_first_order_per_correction",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def masked_account(self) -> str:
        """`**** 1234`."""
        return mask_account(self.account_no)


class OrderShare(models.Model):
    """Whose money an order owes, by payer and layer.

    The shares less their set-offs sum to the order's amount.
    """

    order = models.ForeignKey(
        PaymentOrder,
        models.PROTECT,
        related_name="shares",
        verbose_name=_("order"),
        db_index=False,  # one_share_per_layer_and_payer
    )
    payer = models.CharField(_("payer"), max_length=20, choices=Payer)
    layer = models.CharField(_("layer"), max_length=30)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("share of an order")
        verbose_name_plural = _("shares of orders")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "layer", "payer"], name="one_share_per_layer_and_payer"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_positive"),
        ]
        triggers = append_only("order_share")

    def __str__(self) -> str:
        return f"{self.layer} {self.amount}"


class SetOff(models.Model):
    """What is kept of a share of an order for an overpayment (抵扣), in yuan.

    An order that is made again after the bank failed it carries the same set-offs.
    """

    share = models.ForeignKey(
        OrderShare, models.PROTECT, related_name="set_offs", verbose_name=_("share of an order")
    )
    clearance = models.ForeignKey(
        "claims.Clearance", models.PROTECT, related_name="set_offs", verbose_name=_("clearance")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("set-off")
        verbose_name_plural = _("set-offs")
        constraints = [
            models.UniqueConstraint(fields=["share", "clearance"], name="one_set_off_per_share"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="set_off_positive"),
        ]
        triggers = append_only("set_off")

    def __str__(self) -> str:
        return f"{self.share} − {self.amount}"


class BankReturn(models.Model):
    """One return file of the bank (银行回盘): which batch, who read it, what it said."""

    batch = models.ForeignKey(
        PaymentBatch, models.PROTECT, related_name="returns", verbose_name=_("batch")
    )
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("read by"))
    read_at = models.DateTimeField(_("read at"))
    paid_count = models.PositiveIntegerField(_("paid orders"))
    paid_total = models.DecimalField(_("paid amount"), max_digits=14, decimal_places=2)
    failed_count = models.PositiveIntegerField(_("failed orders"))

    class Meta:
        verbose_name = _("bank return")
        verbose_name_plural = _("bank returns")
        triggers = append_only("bank_return")

    def __str__(self) -> str:
        return f"{self.batch} ({self.pk})"
