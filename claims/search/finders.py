"""Claims by number, invoice or visit; payment orders and batches by number."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.intake.models import LIVE, Claim
from claims.payments.models import PaymentBatch, PaymentOrder
from claims.payments.tones import BATCH_TONES, ORDER_TONES
from claims.review.tones import STATE_TONES
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.search.finders import FETCHED, Hit, register_finder
from enrollment.values.money import format_yuan
from enrollment.values.written import half_width_words, invoice_number


def claims_numbered(term: str) -> QuerySet[Claim]:
    """Claims of that number, invoice or visit; of the last two only what is not rejected.

    Each of the three has an index of its own, so they are united rather than asked with OR.
    """
    return Claim.objects.filter(pk__in=united_keys(term))


def united_keys(term: str, *others: QuerySet[Any, Any]) -> QuerySet[Any]:
    """The keys of the claims of that number, with those of other querysets of keys."""
    keys = Claim.objects.values_list("pk")
    term = half_width_words(term)
    invoices = keys.filter(LIVE, invoice_no=invoice_number(term)).exclude(invoice_no="")
    visits = keys.filter(LIVE, visit_no=term).exclude(visit_no="")
    return keys.filter(number=term).union(invoices, visits, *others)


def claims(term: str, user: User) -> list[Hit]:
    """Claims by what stands on the receipt, the invoice or in the institution's system."""
    numbered = visible_to(claims_numbered(term), user)
    found = numbered.select_related("person", "institution").order_by("-id")
    return [
        Hit(
            claim.number,
            reverse("admin:claims_claim_change", args=[claim.pk]),
            (claim.person.name, claim.institution.name, claim.discharged_on.isoformat()),
            claim.get_state_display(),
            STATE_TONES[claim.state],
        )
        for claim in found[:FETCHED]
    ]


def orders(term: str, user: User) -> list[Hit]:
    """A payment order by its number."""
    numbered = visible_to(PaymentOrder.objects.filter(number=term), user)
    found = numbered.select_related("person", "institution")
    return [
        Hit(
            order.number,
            reverse("admin:claims_paymentorder_change", args=[order.pk]),
            (str(order.person or order.institution), format_yuan(order.amount)),
            order.get_state_display(),
            ORDER_TONES[order.state],
        )
        for order in found[:FETCHED]
    ]


def batches(term: str, user: User) -> list[Hit]:
    """A payment batch by its number."""
    found = visible_to(PaymentBatch.objects.filter(number=term.upper()), user)
    return [
        Hit(
            batch.number,
            reverse("admin:claims_paymentbatch_change", args=[batch.pk]),
            (format_yuan(batch.total),),
            batch.get_state_display(),
            BATCH_TONES[batch.state],
        )
        for batch in found[:FETCHED]
    ]


def register() -> None:
    """Tell the box; called once by `claims.screens`."""
    register_finder(
        "claims",
        _("Claims"),
        claims,
        permission="claims.view_claim",
        order=40,
        by=_("number, invoice or visit number"),
    )
    register_finder(
        "orders", _("Payment orders"), orders, permission="claims.view_paymentorder", order=50
    )
    register_finder(
        "batches",
        _("Payment batches"),
        batches,
        permission="claims.view_paymentbatch",
        order=60,
        whole_county=True,
    )
