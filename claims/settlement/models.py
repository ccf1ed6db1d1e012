"""What a night leaves behind: runs, frozen breakdowns, accumulator movements."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from claims.ledger.models import Payer
from enrollment.models import Institution, Person, User
from enrollment.transitions.models import append_only, never_deleted, refers_to


class SettlementRun(models.Model):
    """One settlement of all claims approved up to a day (结算批次).

    Claims are settled in chunks, each in a transaction of its own; the run is posted to the
    ledger and its payment orders are made in one last transaction. A run that was killed is
    taken up again by the next `settle_day` and ends as if nothing had happened.
    """

    class State(models.TextChoices):
        """RUNNING also means: killed, to be resumed."""

        RUNNING = "running", _("running")
        POSTED = "posted", _("finished and posted")

    up_to = models.DateField(_("claims approved up to"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    scheme = models.CharField(_("benefit scheme"), max_length=64)
    policy_version = models.PositiveIntegerField(
        _("version of the policy"),
        default=0,
        help_text=_("0 is the set that the portal ships, approved by nobody."),
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    started_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
        help_text=_("Empty when the schedule started it."),
    )
    resumed = models.PositiveSmallIntegerField(_("times resumed"), default=0)
    claims_found = models.PositiveIntegerField(_("claims found"), default=0)

    class Meta:
        verbose_name = _("settlement run")
        verbose_name_plural = _("settlement runs")
        ordering = ["-id"]
        permissions = [("run_settlement", _("Can start a settlement run"))]
        constraints = [
            # Two runs at once would race for the same claims; the database allows one.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="one_settlement_at_a_time"
            ),
        ]
        triggers = [never_deleted("settlement_run")]

    def __str__(self) -> str:
        return f"{self.pk}"


class SettlementShard(models.Model):
    """A part of a running settlement: the claims of a range of residents.

    A working record, not a document: a resumed run cuts its shards anew. `reached` moves with
    each chunk, in the chunk's own transaction.
    """

    run = models.ForeignKey(
        SettlementRun, models.PROTECT, related_name="shards", verbose_name=_("run")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    # Residents with first_person < id <= last_person.
    first_person = models.BigIntegerField()
    last_person = models.BigIntegerField()
    reached = models.BigIntegerField()
    done = models.PositiveIntegerField(_("claims done"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of a settlement run")
        verbose_name_plural = _("parts of settlement runs")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_shard_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class SettledClaim(models.Model):
    """The frozen result of one claim: never changed, one per claim.

    `steps` is the compact trace (codes and figures) that `claims.benefit.explain` renders in
    the reader's language. already_paid + paid + personal = total, in yuan.

    Resident, institution and source are copies of the claim's, for sums without a join. They
    have no foreign-key check of their own: the claim has it, cannot be deleted any more, and
    `verify_ledger` compares the copies (docs/decisions, "The night").
    """

    claim = models.OneToOneField(
        Claim,
        models.PROTECT,
        primary_key=True,
        related_name="settled",
        verbose_name=_("claim"),
        db_constraint=False,  # refers_to
    )
    run = models.ForeignKey(
        SettlementRun,
        models.PROTECT,
        related_name="settled",
        verbose_name=_("run"),
        db_constraint=False,  # refers_to
        db_index=False,  # settled_run_institution
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        verbose_name=_("resident"),
        db_constraint=False,
        db_index=False,
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        verbose_name=_("institution"),
        db_constraint=False,
        db_index=False,
    )
    source = models.CharField(_("source"), max_length=10, choices=Claim.Source)
    year = models.PositiveSmallIntegerField(_("benefit year"))
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    in_policy = models.DecimalField(_("in-policy cost"), max_digits=14, decimal_places=2)
    # By layers outside the scheme, before it.
    already_paid = models.DecimalField(
        _("already paid elsewhere"),
        max_digits=14,
        decimal_places=2,
        default=Decimal("0.00"),
        db_default=Decimal("0.00"),
    )
    paid = models.DecimalField(_("paid by all layers"), max_digits=14, decimal_places=2)
    personal = models.DecimalField(_("personal share"), max_digits=14, decimal_places=2)
    steps = models.TextField(_("steps"))

    class Meta:
        verbose_name = _("settled claim")
        verbose_name_plural = _("settled claims")
        indexes = [models.Index(fields=["run", "institution"], name="settled_run_institution")]
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("already_paid") + F("paid") + F("personal"))
                & Q(already_paid__gte=0, paid__gte=0, personal__gte=0),
                name="settled_conserves",
            ),
        ]
        triggers = [
            *append_only("settled_claim"),
            refers_to("settled_claim", "claim_id", "claims_claim"),
            refers_to("settled_claim", "run_id", "claims_settlementrun"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}"


class LayerPayment(models.Model):
    """What one layer of the scheme pays on one settled claim, and whose money it is.

    Only layers that pay more than nothing have a row.
    """

    settled = models.ForeignKey(
        SettledClaim,
        models.PROTECT,
        related_name="layers",
        verbose_name=_("settled claim"),
        db_constraint=False,  # refers_to
        db_index=False,  # one_payment_per_layer
    )
    layer = models.CharField(_("layer"), max_length=30)
    payer = models.CharField(_("payer"), max_length=20, choices=Payer)
    policy = models.CharField(_("policy"), max_length=80)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("layer payment")
        verbose_name_plural = _("layer payments")
        constraints = [
            models.UniqueConstraint(fields=["settled", "layer"], name="one_payment_per_layer"),
            models.CheckConstraint(condition=Q(paid__gt=0), name="layer_pays_something"),
        ]
        triggers = [
            *append_only("layer_payment"),
            refers_to("layer_payment", "settled_id", "claims_settledclaim", "claim_id"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.paid}"


class AccumulatorMovement(models.Model):
    """One change of one person's yearly counter (年度累计); the balance is their sum.

    Counters are those of the scheme, such as `basic.paid` or `critical_illness.base`. Whoever
    writes movements holds the lock on the person's row, taken in order of id.
    """

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="movements",
        db_constraint=False,  # as in SettledClaim
        db_index=False,  # movement_person_year
    )
    year = models.PositiveSmallIntegerField(_("benefit year"))
    counter = models.CharField(_("counter"), max_length=40)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    settled = models.ForeignKey(
        SettledClaim,
        models.PROTECT,
        related_name="movements",
        db_constraint=False,  # refers_to
        db_index=False,  # one_movement_per_counter
    )
    # The correction's revision that moved it; empty for what the settlement moved.
    revision = models.ForeignKey(
        "claims.Revision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        db_index=False,  # read by settled claim
    )

    class Meta:
        verbose_name = _("accumulator movement")
        verbose_name_plural = _("accumulator movements")
        indexes = [models.Index(fields=["person", "year"], name="movement_person_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["settled", "counter", "revision"],
                nulls_distinct=False,
                name="one_movement_per_counter",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="movement_not_empty"),
        ]
        triggers = [
            *append_only("accumulator_movement"),
            refers_to("movement", "settled_id", "claims_settledclaim", "claim_id"),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.amount}"


class HeldClaim(models.Model):
    """That a run could not settle a claim, and why; the claim waits in state HELD.

    `reason` is a code of `claims.review.holding`, `detail` the sentence or message that
    belongs to it. `is_error` tells a failure of the calculation from a rule that was met.
    """

    run = models.ForeignKey(
        SettlementRun, models.PROTECT, related_name="held", verbose_name=_("run")
    )
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="holds", verbose_name=_("claim"))
    reason = models.CharField(_("reason"), max_length=30)
    detail = models.CharField(_("details"), max_length=300, blank=True)
    is_error = models.BooleanField(_("failed"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("held claim")
        verbose_name_plural = _("held claims")
        triggers = append_only("held_claim")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.reason}"
