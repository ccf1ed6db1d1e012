"""An approved batch as a document to print."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from claims.ledger.models import Payer
from claims.payments.models import (
    BatchState,
    BatchTransition,
    OrderShare,
    PaymentBatch,
)
from claims.payments.selectors import net_share
from enrollment.printing.documents import Document
from enrollment.values.capitals import in_capitals
from enrollment.values.money import ZERO, format_yuan

KIND = "payment_batch"
# Laying out takes some ten milliseconds a line: more would keep a browser waiting too long.
MOST_ORDERS = 1500
PRINTABLE = (BatchState.APPROVED, BatchState.SENT, BatchState.CLOSED)


def sheet_of(batch: PaymentBatch) -> Document:
    """The sheet in the reader's language; the batch is one of `PRINTABLE`.

    What the bank answers is not on it: the sheet is what was approved, with accounts masked. Up
    to `MOST_ORDERS` orders are listed one by one, more by payer and layer only, which every
    sheet shows. Five statements.
    """
    orders = batch.orders.select_related("person", "institution").order_by("pk")
    listed = list(orders) if batch.orders_count <= MOST_ORDERS else []
    steps = {
        row.action: row
        for row in BatchTransition.objects.filter(subject=batch).select_related("actor")
    }
    kinds = batch.orders.aggregate(
        residents=Count("person"), institutions=Count("institution"), total=Sum("amount")
    )
    return Document(
        kind=KIND,
        number=batch.number,
        title=_("Payment batch sheet"),
        template="payments/sheet.html",
        context={
            "batch": batch,
            "orders": listed,
            "most": MOST_ORDERS,
            "kinds": kinds,
            "shares": _shares(batch),
            "total_in_capitals": in_capitals(batch.total),
            "made": steps.get("make"),
            "approved": steps.get("approve"),
        },
        summary=(
            (_("Orders"), f"{batch.orders_count:,}"),
            (_("Total"), format_yuan(batch.total)),
            (_("Amount in words"), in_capitals(batch.total)),
        ),
    )


def _shares(batch: PaymentBatch) -> list[tuple[str, str, Decimal]]:
    """Payer, layer code and sum."""
    rows = (
        OrderShare.objects.filter(order__batch=batch)
        .values_list("payer", "layer")
        .annotate(sum=Sum(net_share()))
        .order_by("payer", "layer")
    )
    return [(str(Payer(payer).label), layer, amount or ZERO) for payer, layer, amount in rows]
