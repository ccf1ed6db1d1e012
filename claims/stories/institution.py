"""An institution's months and payments."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.corrections.models import RevisionLayer
from claims.intake.models import LIVE, Claim, ClaimState
from claims.payments.models import OrderState, PaymentOrder
from claims.payments.tones import ORDER_TONES
from claims.results.selectors import standing_paid
from claims.settlement.models import LayerPayment
from claims.stories.person import state_sums
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.models import Institution
from enrollment.stories.sections import Event, Told
from enrollment.values.money import ZERO

MONTHS_SHOWN = 24
ORDERS_SHOWN = 50


@dataclass(frozen=True)
class Month:
    """The claims of one month of discharge at one institution; amounts in yuan.

    `cost` is of all claims but the rejected ones; `settled_cost` is what others paid before +
    `paid` + `personal`, and `paid` the sum of `layers`, which are in the order of the table's
    columns. The two addresses are the lists of the claims counted and of the settled ones.
    """

    first: date
    claims: int
    cost: Decimal
    settled: int
    settled_cost: Decimal
    paid: Decimal
    personal: Decimal
    layers: Mapping[str, Decimal]
    claims_url: str
    settled_url: str


def months_of(institution: Institution, user: User) -> Told:
    """The last two years by month of discharge, what each layer paid, and the sums.

    Three statements, each over the claims of this institution in those months.
    """
    since = _months_back(timezone.localdate(), MONTHS_SHOWN - 1)
    claims = Claim.objects.filter(institution=institution, discharged_on__gte=since)
    rows = (
        visible_to(claims, user)
        .filter(LIVE)
        .alias(stands=standing_paid("settled"))
        .order_by()
        .values(month=TruncMonth("discharged_on"))
        .annotate(
            claims=Count("pk"),
            cost=Sum("total"),
            settled_claims=Count("settled"),
            settled_cost=Sum("settled__total", default=ZERO),
            paid=Sum("stands", default=ZERO),
            personal=Sum(
                F("settled__total") - F("settled__already_paid") - F("stands"), default=ZERO
            ),
        )
        .order_by("-month")
    )
    paid = _paid_by_layer(institution, since, user)
    names = sorted({layer for layers in paid.values() for layer in layers})
    months = [
        Month(
            first=row["month"],
            claims=row["claims"],
            cost=row["cost"],
            settled=row["settled_claims"],
            settled_cost=row["settled_cost"],
            paid=row["paid"],
            personal=row["personal"],
            layers={name: paid.get(row["month"], {}).get(name, ZERO) for name in names},
            claims_url=claims_between(institution, row["month"], _month_end(row["month"])),
            settled_url=settled_between(institution, row["month"], _month_end(row["month"])),
        )
        for row in rows
    ]
    sums = _sums(months, institution, since) if months else None
    return Told({"months": months, "layers": names, "sums": sums, "since": since}, len(months))


def claims_between(institution: Institution, first: date, last: date | None) -> str:
    """The list of the claims discharged from the one day to the other, both included.

    Rejected and reversed ones are left out, as in the counts; no `last` is no end.
    """
    query: dict[str, Any] = {
        "institution__id__exact": institution.pk,
        "is_live__exact": 1,
        "discharged_on__gte": first,
    }
    if last is not None:
        query["discharged_on__lte"] = last
    return f"{reverse('admin:claims_claim_changelist')}?{urlencode(query)}"


def settled_between(institution: Institution, first: date, last: date | None) -> str:
    """The list of the results of those among them that are settled."""
    query: dict[str, Any] = {
        "claim__institution__id__exact": institution.pk,
        "claim__state__exact": ClaimState.SETTLED.value,
        "claim__discharged_on__gte": first,
    }
    if last is not None:
        query["claim__discharged_on__lte"] = last
    return f"{reverse('admin:claims_settledclaim_changelist')}?{urlencode(query)}"


def _paid_by_layer(
    institution: Institution, since: date, user: User
) -> Mapping[date, Mapping[str, Decimal]]:
    """What each layer pays now, by month of discharge; two statements.

    A reversed claim's payments and their reversal are left out alike.
    """
    sums: defaultdict[date, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for model, path, amount in (
        (LayerPayment, "settled__claim__", F("paid")),
        (RevisionLayer, "revision__settled__claim__", F("after") - F("before")),
    ):
        payments = model.objects.filter(
            **{
                f"{path}institution": institution,
                f"{path}discharged_on__gte": since,
                f"{path}state": ClaimState.SETTLED,
            }
        )
        rows = (
            visible_to(payments, user)
            .order_by()
            .values_list(TruncMonth(f"{path}discharged_on"), "layer")
            .annotate(sum=Sum(amount))
        )
        for month, layer, paid in rows:
            sums[month][layer] += paid
    return sums


def _sums(months: Sequence[Month], institution: Institution, since: date) -> Month:
    """The table's last line."""
    return Month(
        first=since,
        claims=sum(month.claims for month in months),
        cost=sum((month.cost for month in months), ZERO),
        settled=sum(month.settled for month in months),
        settled_cost=sum((month.settled_cost for month in months), ZERO),
        paid=sum((month.paid for month in months), ZERO),
        personal=sum((month.personal for month in months), ZERO),
        layers={
            layer: sum((month.layers[layer] for month in months), ZERO)
            for layer in months[0].layers
        },
        claims_url=claims_between(institution, since, None),
        settled_url=settled_between(institution, since, None),
    )


def _month_end(first: date) -> date:
    """The last day of the month that begins then."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def _months_back(day: date, count: int) -> date:
    """The first day of the month that many months before the day's."""
    years, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(years, month + 1, 1)


def orders_of(institution: Institution, user: User) -> Told:
    """The newest payment orders of the institution's uploads, summed by state; two statements."""
    mine = visible_to(PaymentOrder.objects.filter(institution=institution), user)
    orders = list(mine.select_related("batch", "run").order_by("-id")[:ORDERS_SHOWN])
    sums = state_sums(mine)
    count = sum(line.count for line in sums)
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
    return Told({"orders": orders, "sums": sums, "more": count - len(orders)}, count, events)
