"""A resident's claims, yearly counters and payments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.intake.models import WITH_RESULT, Claim, ClaimState
from claims.payments.models import OrderState, PaymentOrder
from claims.payments.tones import ORDER_TONES
from claims.results.selectors import standing_paid
from claims.review.tones import STATE_TONES
from claims.settlement.models import SettledClaim
from claims.stories.counters import counters_of
from enrollment.access.models import User
from enrollment.desk.tags import Label, Tone
from enrollment.models import Person
from enrollment.stories.sections import Event, Told, day_of
from enrollment.values.money import ZERO

ROWS_SHOWN = 100


@dataclass(frozen=True)
class ClaimLine:
    """One claim; `settled` is None before its settlement, `order` None before its payment.

    `paid` and `personal` are yuan as they stand after corrections.

    An uploaded claim's order is its institution's of the same run.
    """

    claim: Claim
    tone: Tone
    settled: SettledClaim | None
    order: PaymentOrder | None
    paid: Decimal = ZERO
    personal: Decimal = ZERO

    @property
    def is_corrected(self) -> bool:
        """Whether a correction changed what the settlement paid."""
        return self.settled is not None and self.paid != self.settled.paid


@dataclass(frozen=True)
class ClaimTotals:
    """Sums over all claims, and over the settled ones as they stand, in yuan.

    Reversed claims count among all, not among the settled.
    """

    count: int
    cost: Decimal
    settled_count: int
    settled_cost: Decimal
    paid: Decimal
    personal: Decimal


def claims_of(person: Person, _user: User) -> Told:
    """The newest claims with result and payment, and the sums of all; three statements."""
    claims = list(
        Claim.objects.filter(person=person)
        .select_related("institution", "settled__run")
        .defer("settled__steps")
        .annotate(stands=standing_paid("settled"))
        .order_by("-discharged_on", "-id")[:ROWS_SHOWN]
    )
    orders = _orders_behind(claims)
    lines = [
        ClaimLine(
            claim,
            STATE_TONES[claim.state],
            _settled(claim),
            orders.get(_payee(claim)),
            claim.stands or ZERO,
            claim.total - claim.already_paid - (claim.stands or ZERO),
        )
        for claim in claims
    ]
    totals = totals_of(Claim.objects.filter(person=person))
    facts = {
        "lines": lines,
        "totals": totals,
        "more": totals.count - len(lines),
        "all_url": f"{reverse('admin:claims_claim_changelist')}?person__id__exact={person.pk}",
        "person": person,
    }
    return Told(facts, totals.count, list(_claim_events(lines)))


def totals_of(claims: Any) -> ClaimTotals:
    """The sums over a queryset of claims; one statement."""
    settled = Q(state=ClaimState.SETTLED)
    sums = (
        claims.order_by()
        .annotate(stands=standing_paid("settled"))
        .aggregate(
            count=Count("pk"),
            cost=Sum("total", default=ZERO),
            settled_count=Count("pk", filter=settled),
            settled_cost=Sum("total", filter=settled, default=ZERO),
            paid=Sum("stands", filter=settled, default=ZERO),
            personal=Sum(
                F("total") - F("settled__already_paid") - F("stands"), filter=settled, default=ZERO
            ),
        )
    )
    return ClaimTotals(**sums)


def _settled(claim: Claim) -> SettledClaim | None:
    return claim.settled if claim.state in WITH_RESULT else None


_Payee = tuple[str, int | None, int | None]


def _payee(claim: Claim) -> _Payee:
    """What finds the claim's order: its own, or its institution's of the run."""
    if claim.source == Claim.Source.WINDOW:
        return ("claim", claim.pk, None)
    settled = _settled(claim)
    return ("institution", claim.institution_id, settled.run_id if settled else None)


def _orders_behind(claims: Sequence[Claim]) -> dict[_Payee, PaymentOrder]:
    """The latest order of each claim's payee; one statement."""
    settled = [claim for claim in claims if claim.state in WITH_RESULT]
    own = [claim.pk for claim in settled if claim.source == Claim.Source.WINDOW]
    uploads = [claim for claim in settled if claim.source != Claim.Source.WINDOW]
    wanted = Q(claim__in=own)
    if uploads:
        wanted |= Q(
            claim=None,
            run__in={claim.settled.run_id for claim in uploads},
            institution__in={claim.institution_id for claim in uploads},
        )
    found: dict[_Payee, PaymentOrder] = {}
    for order in PaymentOrder.objects.filter(wanted).order_by("id") if settled else ():
        if order.claim_id is not None:
            found["claim", order.claim_id, None] = order
        else:
            found["institution", order.institution_id, order.run_id] = order
    return found


def _claim_events(lines: Iterable[ClaimLine]) -> Iterable[Event]:
    """Entered, rejected or settled."""
    for line in lines:
        claim = line.claim
        url = reverse("admin:claims_claim_change", args=[claim.pk])
        detail = f"{claim.number} {claim.institution.name}"
        yield Event(day_of(claim.entered_at), _("Claim entered"), detail, url, Tone.BLUE)
        if line.settled is not None:
            yield Event(line.settled.run.up_to, _("Claim settled"), detail, url, Tone.GREEN)


def counters_told(person: Person, _user: User) -> Told:
    """This year's counters by layer, with what is left of each ceiling; three statements."""
    today = timezone.localdate()
    lines = counters_of(person, today)
    return Told({"lines": lines, "year": today.year, "person": person})


@dataclass(frozen=True)
class StateSum:
    """The orders of one state: how many, and their sum in yuan."""

    label: Label
    tone: Tone
    count: int
    amount: Decimal


def payments_of(person: Person, _user: User) -> Told:
    """The newest payment orders with what the bank said, summed by state; two statements."""
    mine = PaymentOrder.objects.filter(person=person)
    orders = list(mine.select_related("batch", "claim").order_by("-id")[:ROWS_SHOWN])
    sums = state_sums(mine)
    events = [
        Event(
            order.paid_on,
            _("Paid by the bank") if order.state == OrderState.PAID else _("Failed at the bank"),
            order.number,
            reverse("admin:claims_paymentorder_change", args=[order.pk]),
            ORDER_TONES[order.state],
        )
        for order in orders
        if order.paid_on is not None
    ]
    count = sum(line.count for line in sums)
    facts = {"orders": orders, "sums": sums, "more": count - len(orders)}
    return Told(facts, count, events)


def state_sums(orders: Any) -> list[StateSum]:
    """The orders of a queryset by state, in the order of a payment's life; one statement."""
    rows = {
        row["state"]: row
        for row in orders.order_by().values("state").annotate(count=Count("pk"), sum=Sum("amount"))
    }
    return [
        StateSum(state.label, ORDER_TONES[state], rows[state]["count"], rows[state]["sum"])
        for state in OrderState
        if state in rows
    ]
