"""The oldest orders and batches of a queue, for its card on the desk."""

from django.db.models import QuerySet
from django.urls import reverse

from claims.payments.models import PaymentBatch, PaymentOrder
from claims.payments.tones import ORDER_TONES
from enrollment.desk.queues import FIRST, Waiting
from enrollment.values.money import format_yuan


def oldest_orders(waiting: QuerySet[PaymentOrder]) -> list[Waiting]:
    """The first few orders with payee, amount and the bank's reason; one statement."""
    rows = waiting.select_related("person", "institution").order_by("id")[:FIRST]
    return [
        Waiting(
            str(row.person or row.institution),
            reverse("admin:claims_paymentorder_change", args=[row.pk]),
            format_yuan(row.amount),
            row.failure,
            ORDER_TONES[row.state],
        )
        for row in rows
    ]


def oldest_batches(waiting: QuerySet[PaymentBatch]) -> list[Waiting]:
    """The first few batches with their sum and state; one statement."""
    return [
        Waiting(
            row.number,
            reverse("admin:claims_paymentbatch_change", args=[row.pk]),
            format_yuan(row.total),
            row.get_state_display(),
        )
        for row in waiting.order_by("id")[:FIRST]
    ]
