"""The finance office's queues, and what the bank pays of a share."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from claims.intake.models import Claim
from claims.payments.models import (
    BatchState,
    BatchTransition,
    OrderState,
    PaymentBatch,
    PaymentOrder,
    SetOff,
)
from claims.payments.states import BATCH_TRANSITIONS
from claims.settlement.models import SettledClaim
from enrollment.access.models import User
from enrollment.residents.models import AccountChange
from enrollment.transitions.selectors import not_handled_by


def orders_to_batch() -> QuerySet[PaymentOrder]:
    """Pending orders, with or without an account."""
    return PaymentOrder.objects.filter(state=OrderState.PENDING)


def orders_without_account() -> QuerySet[PaymentOrder]:
    """Pending orders that have no account yet."""
    return _without(orders_to_batch(), "account_no")


def accounts_missing() -> QuerySet[PaymentOrder]:
    """Pending orders of residents who have no account on file: no batch can take them."""
    orders = orders_without_account().filter(person__isnull=False)
    return _without(orders, "person__account_no")


def orders_ready() -> QuerySet[PaymentOrder]:
    """Pending orders that a batch can take."""
    return orders_to_batch().exclude(pk__in=accounts_missing().values("pk"))


def _without(orders: QuerySet[PaymentOrder], account: str) -> QuerySet[PaymentOrder]:
    """Where the sealed field is empty: its content cannot be looked up, its length can."""
    size = Func(F(account), function="length", output_field=IntegerField())
    return orders.alias(**{f"{account}_size": size}).filter(**{f"{account}_size": 0})


def batches_to_approve(user: User) -> QuerySet[PaymentBatch]:
    """Draft batches that another person put together."""
    waiting = PaymentBatch.objects.filter(state=BatchState.DRAFT)
    return not_handled_by(waiting, BATCH_TRANSITIONS["approve"], BatchTransition, user)


def batches_at_the_bank() -> QuerySet[PaymentBatch]:
    """Approved batches whose file is to be written, and sent ones awaiting their return."""
    return PaymentBatch.objects.filter(state__in=[BatchState.APPROVED, BatchState.SENT])


def failed_orders() -> QuerySet[PaymentOrder]:
    """Orders that the bank did not pay and nobody has ordered again."""
    return PaymentOrder.objects.filter(state=OrderState.FAILED)


def accounts_to_correct() -> QuerySet[PaymentOrder]:
    """Failed orders of residents whose account nobody has corrected since the order was made."""
    corrected = AccountChange.objects.filter(
        person=OuterRef("person"), at__gte=OuterRef("created_at")
    )
    return failed_orders().filter(~Exists(corrected), person__isnull=False)


def uploads_behind(order: PaymentOrder) -> tuple[str, int]:
    """Address of the list of an institution's uploads that one order pays, and how many they are.

    One statement; with those on which nothing is paid.
    """
    behind = {
        "run__id__exact": order.run_id,
        "institution__id__exact": order.institution_id,
        "source__exact": Claim.Source.UPLOAD.value,
    }
    url = f"{reverse('admin:claims_settledclaim_changelist')}?{urlencode(behind)}"
    return url, SettledClaim.objects.filter(**behind).count()


def behind_amount(order: PaymentOrder, user: User, uploads_url: str = "") -> str:
    """Address of what an order's amount comes from, as far as the reader may open it, or "".

    The claim's settled result (or the claim), the correction, or `uploads_url`.
    """
    if order.correction_id is not None:
        page, pk = "correction", order.correction_id
    elif order.claim_id is not None:
        # A settled result has its claim's key.
        page = "settledclaim" if user.has_perm("claims.view_settledclaim") else "claim"
        pk = order.claim_id
    else:
        return uploads_url if user.has_perm("claims.view_settledclaim") else ""
    if not user.has_perm(f"claims.view_{page}"):
        return ""
    return reverse(f"admin:claims_{page}_change", args=[pk])


def net_share() -> Any:
    """The expression for what the bank pays of a share, in yuan: less what is set off."""
    kept = (
        SetOff.objects.filter(share=OuterRef("pk"))
        .order_by()
        .values("share")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return F("amount") - Coalesce(
        Subquery(kept),
        Value(Decimal(0)),
        output_field=DecimalField(max_digits=14, decimal_places=2),
    )
