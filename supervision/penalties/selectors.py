"""What is due, received and open: for the fund and for the treasury apart, never summed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from supervision.cases.models import Case
from supervision.penalties.models import Fine, FineReceipt, Recovery, RecoveryReceipt

ZERO = Decimal("0.00")
_YUAN = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Due:
    """One side of a case in yuan.

    Attributes:
        amount: what was decided.
        received: what has come in.
    """

    amount: Decimal = ZERO
    received: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """What is still to come in."""
        return self.amount - self.received


@dataclass(frozen=True)
class CaseMoney:
    """The two ledgers of a case; they have no sum."""

    recovery: Due
    fine: Due


def money_of(case: Case) -> CaseMoney:
    """What a case has brought to the fund and to the treasury; two statements."""
    return CaseMoney(
        _due(recoveries_with_open().filter(case=case).first()),
        _due(fines_with_open().filter(case=case).first()),
    )


def recoveries_with_open() -> QuerySet[Any]:
    """Recoveries with `received` and `open_amount` in yuan."""
    return Recovery.objects.annotate(
        received=_received(RecoveryReceipt.objects.filter(recovery=OuterRef("pk")), "recovery")
    ).annotate(open_amount=F("amount") - F("received"))


def fines_with_open() -> QuerySet[Any]:
    """Fines with `received` and `open_amount` in yuan."""
    return Fine.objects.annotate(
        received=_received(FineReceipt.objects.filter(fine=OuterRef("pk")), "fine")
    ).annotate(open_amount=F("amount") - F("received"))


def _due(row: Any) -> Due:
    """The annotated row's amounts; zeros when nothing was decided."""
    return Due(row.amount, row.received) if row is not None else Due()


def _received(receipts: QuerySet[Any], owner: str) -> Coalesce:
    """The sum of one owner's receipts, 0.00 when there are none."""
    total = receipts.order_by().values(owner).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=_YUAN), Value(ZERO), output_field=_YUAN)
