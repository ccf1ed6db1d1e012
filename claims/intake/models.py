"""A claim as it comes in."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.benefit.types import DETAIL_FIELDS, DETAILS, PRIOR_LAYERS
from claims.intake.expressions import StayRange
from claims.intake.rules import STAYS
from claims.intake.triggers import waiting_triggers
from enrollment.desk.tags import Label
from enrollment.history.tracking import keep_history
from enrollment.models import Institution, Person, User
from enrollment.periods.expressions import IdRange
from enrollment.transitions.models import never_deleted


class ClaimState(models.TextChoices):
    """Where a claim stands; `claims.review.states` says what may follow what."""

    SUBMITTED = "submitted", _("awaiting first review")
    CHECKED = "checked", _("awaiting second review")
    RETURNED = "returned", _("returned for correction")
    APPROVED = "approved", _("approved, to be settled")
    HELD = "held", _("held by the settlement")
    SETTLED = "settled", _("settled")
    REJECTED = "rejected", _("rejected")
    REVERSED = "reversed", _("reversed")


# What waits for somebody or for the night; the rest is decided.
WAITING = (
    ClaimState.SUBMITTED,
    ClaimState.CHECKED,
    ClaimState.RETURNED,
    ClaimState.APPROVED,
    ClaimState.HELD,
)
# A rejected or reversed claim no longer blocks its invoice or its days.
LIVE = Q(is_live=True)
# Claims with a settlement's result; that of a reversed one is taken back.
WITH_RESULT = (ClaimState.SETTLED, ClaimState.REVERSED)


class ExcludedCause(models.TextChoices):
    """What the fund does not pay for (社会保险法 §30); asked at the window.

    The codes of the first four are those of `claims.review.reasons`. Where the third party does
    not pay or is unknown, the fund pays first and recovers (§30, second paragraph).
    """

    NONE = "", _("none of these")
    WORK_INJURY = "work_injury", _("work injury")
    THIRD_PARTY = "third_party", _("a third party is liable")
    THIRD_PARTY_UNPAID = "third_party_unpaid", _("third party does not pay or is unknown")
    PUBLIC_HEALTH = "public_health", _("borne by public health")
    ABROAD = "abroad", _("treatment abroad")


def _already(label: Label) -> "models.DecimalField[Decimal, Decimal]":
    """An amount that something else has paid before; in most bureaus nothing."""
    zero = Decimal("0.00")
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, default=zero, db_default=zero
    )


@keep_history(
    inserts=False,
    unwatched=("state", "version", "approved_on", "held_reason", "due_on"),
    left_out=("is_live",),
)
class Claim(models.Model):
    """One person's costs at one institution, from one invoice (医疗费用报销).

    Amounts are yuan. In-policy cost (政策范围内费用) = total − excluded − over_limit −
    first_self_pay. The benefit year is that of `discharged_on`, and coverage, identities and
    agreement are those of that day.
    """

    class Kind(models.TextChoices):
        """就诊类别."""

        INPATIENT = "inpatient", _("inpatient")
        SPECIAL_OUTPATIENT = "special_outpatient", _("special outpatient disease")
        GENERAL_OUTPATIENT = "general_outpatient", _("general outpatient")
        TWO_DISEASES = "two_diseases", _("medicines for two diseases (两病)")
        MATERNITY = "maternity", _("birth in hospital (生育)")

    class Detail(models.TextChoices):
        """What decides within the kind, as `claims.benefit.types.DETAILS` lists it."""

        NONE = "", _("nothing further")
        CHRONIC = "chronic", _("chronic disease (慢性病)")
        HYPERTENSION = "hypertension", _("hypertension")
        DIABETES = "diabetes", _("diabetes")
        BOTH = "both", _("hypertension and diabetes")
        NATURAL = "natural", _("natural birth")
        CAESAREAN = "caesarean", _("caesarean section")

    class Filing(models.TextChoices):
        """Whether care outside the county was filed or referred."""

        NONE = "none", _("not needed")
        FILED = "filed", _("filed (备案)")
        REFERRED = "referred", _("referred (转诊)")
        UNFILED = "unfiled", _("not filed (未备案)")

    class Source(models.TextChoices):
        """How it came in, which decides whom the fund pays."""

        WINDOW = "window", _("window: the resident is paid")
        UPLOAD = "upload", _("upload: the institution is paid")

    number = models.CharField(_("claim number"), max_length=20, db_collation="C")
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.WINDOW)
    state = models.CharField(
        _("state"), max_length=20, choices=ClaimState, default=ClaimState.SUBMITTED
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="claims",
        verbose_name=_("resident"),
        db_index=False,  # claim_person_day
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="claims",
        verbose_name=_("institution"),
        db_index=False,  # claim_institution
    )
    kind = models.CharField(_("kind of care"), max_length=20, choices=Kind)
    detail = models.CharField(
        _("disease or delivery"),
        max_length=20,
        choices=Detail,
        blank=True,
        default="",
        db_default="",
    )
    filing = models.CharField(_("filing"), max_length=10, choices=Filing, default=Filing.NONE)
    admitted_on = models.DateField(_("admitted on"), null=True, blank=True)
    discharged_on = models.DateField(_("discharged on"))
    diagnosis = models.CharField(_("diagnosis"), max_length=100, blank=True)
    invoice_no = models.CharField(_("invoice number"), max_length=40, blank=True, db_collation="C")
    visit_no = models.CharField(
        _("visit number"),
        max_length=40,
        blank=True,
        db_collation="C",
        help_text=_("The institution's own number of an uploaded claim."),
    )
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    excluded = models.DecimalField(
        _("wholly self-paid"), max_digits=14, decimal_places=2, default=Decimal("0.00")
    )
    over_limit = models.DecimalField(
        _("above price limits"), max_digits=14, decimal_places=2, default=Decimal("0.00")
    )
    first_self_pay = models.DecimalField(
        _("first self-payment"), max_digits=14, decimal_places=2, default=Decimal("0.00")
    )
    # What layers outside the bureau's scheme have paid on this invoice before (PRIOR_LAYERS).
    already_basic = _already(_("already paid by basic insurance"))
    already_critical_illness = _already(_("already paid by critical-illness insurance"))
    already_medical_aid = _already(_("already paid by medical aid"))
    already_poverty = _already(_("already paid by poverty relief"))
    excluded_cause = models.CharField(
        _("excluded cause"),
        max_length=20,
        choices=ExcludedCause,
        blank=True,
        default="",
        db_default="",
    )
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    entered_at = models.DateTimeField(_("entered at"))
    due_on = models.DateField(
        _("due on"),
        null=True,
        blank=True,
        help_text=_("The last day for deciding a window claim, in working days from its entry."),
    )
    version = models.PositiveIntegerField(
        _("version"),
        default=1,
        db_default=1,
        help_text=_("Counts the corrections, so that two people do not overwrite each other."),
    )
    approved_on = models.DateField(
        _("approved on"),
        null=True,
        blank=True,
        help_text=_("The day of the last approval; the settlement of that day takes it."),
    )
    held_reason = models.CharField(_("held because"), max_length=300, blank=True)
    is_live = models.GeneratedField(
        expression=~Q(state__in=["rejected", "reversed"]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("neither rejected nor reversed"),
    )

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [
            ("enter_claim", _("Can enter claims at the window")),
            ("review_first", _("Can do the first review")),
            ("review_second", _("Can do the second review")),
            ("reject_claim", _("Can reject a claim with a legal reason")),
            ("release_claim", _("Can release a claim held by the settlement")),
        ]
        triggers = [never_deleted("claim"), *waiting_triggers(WAITING)]
        indexes = [
            # None of these names the state or what changes with it: a claim that moves on stays
            # where it is in all of them (docs/decisions/0050).
            models.Index(fields=["person", "discharged_on"], name="claim_person_day"),
            # The lists: an institution's claims and the claims of some days, a page at a time.
            models.Index(fields=["institution", "id"], name="claim_institution"),
            models.Index(fields=["discharged_on", "id"], name="claim_day"),
            # Rejected and reversed claims are few: without this a page is looked for in all.
            models.Index(fields=["id"], name="claim_not_live", condition=Q(is_live=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="one_claim_per_number",
                violation_error_message=_("This claim number is taken."),
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0),
                name="claim_total_positive",
                violation_error_message=_("The total must be more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(excluded__gte=0) & Q(over_limit__gte=0) & Q(first_self_pay__gte=0),
                name="claim_deductions_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("excluded") + F("over_limit") + F("first_self_pay")),
                name="claim_in_policy_not_negative",
                violation_error_message=_(
                    "The parts outside the policy add up to more than the total."
                ),
            ),
            models.CheckConstraint(
                condition=Q(admitted_on__isnull=True) | Q(admitted_on__lte=F("discharged_on")),
                name="claim_admitted_before_discharge",
                violation_error_message=_("The admission lies after the discharge."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=STAYS) | Q(admitted_on__isnull=False),
                name="claim_stay_has_admission",
                violation_error_message=_("A stay in hospital needs its day of admission."),
            ),
            models.CheckConstraint(
                condition=Q(detail="") & ~Q(kind__in=tuple(DETAIL_FIELDS.values()))
                | Q(
                    *(Q(kind=kind, detail__in=words) for kind, words in DETAILS.items()),
                    _connector=Q.OR,
                ),
                name="claim_detail_of_its_kind",
                violation_error_message=_("The kind of care and its details do not fit."),
            ),
            models.CheckConstraint(
                condition=Q(
                    already_basic__gte=0,
                    already_critical_illness__gte=0,
                    already_medical_aid__gte=0,
                    already_poverty__gte=0,
                ),
                name="claim_already_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    total__gte=F("already_basic")
                    + F("already_critical_illness")
                    + F("already_medical_aid")
                    + F("already_poverty")
                )
                & Q(
                    total__gte=F("already_basic")
                    + F("excluded")
                    + F("over_limit")
                    + F("first_self_pay")
                ),
                name="claim_already_within_cost",
                violation_error_message=_("More was paid before than the claim costs."),
            ),
            # The number leads: lists search it without knowing the institution.
            models.UniqueConstraint(
                fields=["invoice_no", "institution"],
                condition=LIVE & ~Q(invoice_no=""),
                name="one_live_claim_per_invoice",
                violation_error_message=_("This invoice has been claimed before."),
            ),
            models.UniqueConstraint(
                fields=["visit_no", "institution"],
                condition=LIVE & ~Q(visit_no=""),
                name="one_live_claim_per_visit",
                violation_error_message=_("This visit has been uploaded before."),
            ),
            # A transfer on the day of discharge is allowed; a one-day stay inside another is not.
            ExclusionConstraint(
                name="claim_stays_overlap",
                expressions=[
                    (IdRange("person_id", "person_id", Value("[]")), RangeOperators.OVERLAPS),
                    (StayRange("admitted_on", "discharged_on"), RangeOperators.OVERLAPS),
                ],
                condition=LIVE & Q(kind__in=STAYS),
                violation_error_message=_("The stay overlaps another stay of this resident."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def in_policy(self) -> Decimal:
        """In-policy cost in yuan."""
        return self.total - self.excluded - self.over_limit - self.first_self_pay

    @property
    def kind_text(self) -> str:
        """Kind and details in words: `medicines for two diseases (两病), diabetes`."""
        if not self.detail:
            return self.get_kind_display()
        return gettext("%(kind)s, %(detail)s") % {
            "kind": self.get_kind_display(),
            "detail": self.get_detail_display(),
        }

    @property
    def already_paid(self) -> Decimal:
        """What layers outside the scheme have paid before, in yuan."""
        paid = (getattr(self, f"already_{layer}") for layer in PRIOR_LAYERS)
        return sum(paid, Decimal("0.00"))
