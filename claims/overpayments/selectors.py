"""What is open of an overpayment, and what of it is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from claims.overpayments.models import Instalment, Overpayment, Repayment, RepaymentPlan
from claims.overpayments.plans import Due, owed_by_part
from claims.payments.models import OrderShare, OrderState
from enrollment.values.money import ZERO, from_fen, to_fen


def with_standing(overpayments: QuerySet[Overpayment], today: date) -> QuerySet[Any]:
    """Each with `back` and `still_open` in yuan, `has_plan` and `is_overdue`.

    Overdue: more is open than the latest plan lets be due from `today` on. An instalment due
    today is not overdue yet.
    """
    back = (
        Repayment.objects.filter(overpayment=OuterRef("pk"))
        .order_by()
        .values("overpayment")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    plans = RepaymentPlan.objects.filter(overpayment=OuterRef("pk"))
    later = (
        Instalment.objects.filter(plan=OuterRef("plan_id"), due_on__gte=today)
        .order_by()
        .values("plan")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return overpayments.annotate(
        back=Coalesce(Subquery(back), Value(ZERO)),
        still_open=F("amount") - F("back"),
        has_plan=Exists(plans),
        plan_id=Subquery(plans.order_by("-pk").values("pk")[:1]),
        due_later=Coalesce(Subquery(later), Value(ZERO)),
        is_overdue=Case(
            When(has_plan=True, still_open__gt=F("due_later"), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def open_amount(overpayment: Overpayment) -> Decimal:
    """What is still open, in yuan; one statement."""
    back: Decimal = overpayment.repayments.aggregate(sum=Sum("amount", default=ZERO))["sum"]
    return overpayment.amount - back


@dataclass(frozen=True)
class PlanLine:
    """One instalment of the plan that holds, in yuan."""

    due_on: date
    amount: Decimal
    owed: Decimal
    is_overdue: bool


@dataclass(frozen=True)
class Account:
    """An overpayment as its page shows it: what came back, what is open, what falls due.

    `plan` is the one that holds, None when nothing was agreed.
    """

    overpayment: Overpayment
    repayments: Sequence[Repayment]
    plan: RepaymentPlan | None
    lines: Sequence[PlanLine]

    @property
    def back(self) -> Decimal:
        """What came back, was set off or written off, in yuan."""
        return sum((one.amount for one in self.repayments), ZERO)

    @property
    def still_open(self) -> Decimal:
        """What is still owed, in yuan."""
        return self.overpayment.amount - self.back

    @property
    def is_overdue(self) -> bool:
        """Whether an instalment is past its day."""
        return any(line.is_overdue for line in self.lines)


def account_of(overpayment: Overpayment, today: date) -> Account:
    """Receipts, and the plan that holds with what is owed of each part; three statements."""
    repayments = list(overpayment.repayments.select_related("recorded_by", "clearance"))
    plan = overpayment.plans.select_related("recorded_by").order_by("pk").last()
    account = Account(overpayment, repayments, plan, ())
    if plan is None:
        return account
    parts = [(one.due_on, to_fen(one.amount)) for one in plan.instalments.all()]
    dues = owed_by_part(parts, to_fen(account.still_open))
    return Account(overpayment, repayments, plan, [_line(due, today) for due in dues])


def _line(due: Due, today: date) -> PlanLine:
    return PlanLine(
        due.due_on, from_fen(due.amount), from_fen(due.owed), bool(due.owed) and due.due_on < today
    )


def shares_to_set_off(overpayment: Overpayment) -> QuerySet[OrderShare]:
    """What waits to be paid to the same payee with the same payer's money: the oldest first.

    Each with `rest`, what earlier set-offs have left of it, in yuan.
    """
    return (
        OrderShare.objects.filter(
            order__state=OrderState.PENDING,
            order__person=overpayment.person_id,
            order__institution=overpayment.institution_id,
            payer=overpayment.payer,
        )
        .annotate(rest=F("amount") - Coalesce(Sum("set_offs__amount"), Value(ZERO)))
        .filter(rest__gt=0)
        .select_related("order")
        .order_by("order_id", "pk")
    )
