"""Recoveries and fines: two ledgers that never net, receipts within what is open."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import Sum

from claims.models import Entry, Posting
from enrollment.institutions.selectors import designation_on
from enrollment.models import Suspension
from enrollment.tests.factories import make_institution
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)
from supervision.cases.rules import CaseRefused
from supervision.cases.services import FineRefused
from supervision.models import Case, Fine, FineReceipt, Recovery, RecoveryReceipt
from supervision.penalties.receipts import (
    ReceiptRefused,
    record_fine_receipt,
    record_recovery_receipt,
)
from supervision.penalties.selectors import Due, money_of
from supervision.penalties.services import decide_penalty, recover_by_agreement
from supervision.penalties.suspensions import order_suspension
from supervision.tests.helpers import (
    AT,
    TODAY,
    make_case,
    make_finding,
    make_notified,
    make_visit,
    supervisor,
)

pytestmark = pytest.mark.django_db


def decide(case: Case, fine: str = "2000.00", recovery: str = "1000.00", **fields: Any) -> Case:
    return decide_penalty(
        case,
        recovery=Decimal(recovery),
        fine=Decimal(fine),
        defence="未提出陈述、申辩意见",
        heard_on=TODAY,
        actor=supervisor(),
        at=AT,
        **fields,
    )


def receive(row: Recovery | Fine, amount: str, voucher: str = "P1", **fields: Any) -> Any:
    record = record_recovery_receipt if isinstance(row, Recovery) else record_fine_receipt
    values: dict[str, Any] = {"received_on": TODAY, "actor": supervisor(), "at": AT, **fields}
    return record(row, amount=Decimal(amount), voucher=voucher, **values)  # type: ignore[arg-type]


def balances() -> dict[tuple[str, str], Decimal]:
    rows = Posting.objects.values("book", "account").annotate(d=Sum("debit"), c=Sum("credit"))
    return {(row["book"], row["account"]): row["d"] - row["c"] for row in rows}


def test_recovery_and_fine_are_booked_in_two_books_that_never_net() -> None:
    case = decide(make_notified())
    assert case.recovery.number == case.fine.number == "医保罚〔2026〕1号"
    assert balances() == {
        ("fund", "recoveries_receivable"): Decimal("1000.00"),
        ("fund", "recovery_income"): Decimal("-1000.00"),
        ("state_treasury", "fines_receivable"): Decimal("2000.00"),
        ("state_treasury", "fines_due_to_treasury"): Decimal("-2000.00"),
    }
    for entry in Entry.objects.all():
        assert entry.postings.values("book").distinct().count() == 1
    assert money_of(case).recovery == Due(Decimal("1000.00"), Decimal("0.00"))
    assert money_of(case).fine == Due(Decimal("2000.00"), Decimal("0.00"))


def test_receipts_settle_each_side_by_itself_and_execute_the_case() -> None:
    case = decide(make_notified())
    receive(case.recovery, "1000.00")
    case.refresh_from_db()
    assert case.state == "decided"
    receive(case.fine, "1999.99")
    case.refresh_from_db()
    assert case.state == "decided"
    assert money_of(case).fine.open == Decimal("0.01")
    receive(case.fine, "0.01", voucher="P2")
    case.refresh_from_db()
    assert case.state == "executed"
    last = case.transitions.last()
    assert (last.action, last.actor) == ("execute", None)
    assert balances() == {
        ("fund", "recoveries_receivable"): Decimal("0.00"),
        ("fund", "recovery_income"): Decimal("-1000.00"),
        ("fund", "fiscal_account"): Decimal("1000.00"),
        ("state_treasury", "fines_receivable"): Decimal("0.00"),
        ("state_treasury", "fines_due_to_treasury"): Decimal("-2000.00"),
        ("state_treasury", "treasury_account"): Decimal("2000.00"),
    }


@pytest.mark.parametrize("side", ["recovery", "fine"])
def test_a_receipt_above_what_is_open_is_refused_by_service_and_database(side: str) -> None:
    case = decide(make_notified(fine="1000.00"), fine="1000.00")
    row = getattr(case, side)
    receive(row, "600.00")
    for amount in ("400.01", "0.00", "-1.00"):
        with pytest.raises(ReceiptRefused, match=r"400\.00"):
            receive(row, amount, voucher="P2")
    model = RecoveryReceipt if side == "recovery" else FineReceipt
    with pytest.raises(IntegrityError, match="would exceed"), transaction.atomic():
        model.objects.create(
            **{side: row},
            amount=Decimal("400.01"),
            received_on=TODAY,
            voucher="P3",
            recorded_by=supervisor(),
            recorded_at=AT,
        )
    assert model.objects.count() == 1
    receive(row, "400.00", voucher="P2")
    with pytest.raises(ReceiptRefused):
        receive(row, "0.01", voucher="P4")


def test_a_voucher_counts_once_and_not_before_its_day() -> None:
    case = decide(make_notified())
    receive(case.recovery, "10.00", voucher="P7")
    with pytest.raises(ReceiptRefused, match="P7"):
        receive(case.recovery, "10.00", voucher=" P7 ")
    with pytest.raises(ReceiptRefused):
        receive(case.recovery, "10.00", voucher="P8", received_on=TODAY + timedelta(days=1))
    with pytest.raises(ReceiptRefused):
        receive(case.recovery, "10.00", voucher=" ")
    with pytest.raises(NotPermitted):
        receive(case.recovery, "10.00", voucher="P9", actor=supervisor("supervision.open_case"))
    assert RecoveryReceipt.objects.count() == 1


@pytest.mark.parametrize(
    ("fine", "allowed"),
    [("999.99", False), ("1000.00", True), ("2000.00", True), ("2000.01", False)],
)
def test_a_decided_fine_lies_inside_its_article(fine: str, allowed: bool) -> None:
    case = make_notified()
    if allowed:
        assert decide(case, fine=fine).fine.amount == Decimal(fine)
        return
    with pytest.raises(TransitionRefused):
        decide(case, fine=fine)
    case.refresh_from_db()
    assert case.state == "notified"
    assert not Fine.objects.exists()
    assert not Recovery.objects.exists()
    assert not Entry.objects.exists()


def test_the_database_itself_refuses_a_fine_outside_its_range() -> None:
    case = make_notified()
    for amount in (Decimal("999.99"), Decimal("2000.01")):
        with pytest.raises(IntegrityError, match="fine_inside_its_article"), transaction.atomic():
            Fine.objects.create(
                number="x",
                institution=case.institution,
                case=case,
                article_code=case.article_code,
                article_since=case.article_since,
                loss=case.loss,
                min_fine=case.min_fine,
                max_fine=case.max_fine,
                amount=amount,
                decided_on=TODAY,
                decided_by=supervisor(),
                decided_at=AT,
            )


def test_no_fine_in_spite_of_a_loss_needs_its_ground() -> None:
    with pytest.raises(FineRefused, match="33"):
        decide(make_notified(), fine="0.00")
    ground = "初次违法且危害后果轻微并及时改正（处罚法第三十三条）"
    case = decide(make_notified(), fine="0.00", exemption_ground=ground)
    assert case.exemption_ground == ground
    assert case.recovery.amount == Decimal("1000.00")
    assert not Fine.objects.exists()


def test_article_39_is_fined_only_after_a_refusal_to_correct() -> None:
    def case(**fields: Any) -> Case:
        return make_notified(article_code="39-2", loss=Decimal(0), recovery="0.00", **fields)

    with pytest.raises(FineRefused, match="拒不改正"):
        case(fine="10000.00")
    refused = case(fine="50000.00", refused_to_correct=True)
    assert decide(refused, fine="50000.00", recovery="0.00").fine.amount == Decimal("50000.00")


def test_the_agreement_recovers_without_case_or_fine() -> None:
    visit = make_visit()
    old = make_finding(visit, act_from=date(2021, 1, 1), act_to=date(2021, 4, 30))
    other = make_finding(visit, article_code="38-2", loss=Decimal("78.28"))
    row = recover_by_agreement([old, other], actor=supervisor(), at=AT, note="按服务协议追回")
    assert (row.number, row.amount, row.basis) == (
        "医保协〔2026〕1号",
        Decimal("1078.28"),
        "agreement",
    )
    assert set(row.findings.all()) == {old, other}
    assert balances() == {
        ("fund", "recoveries_receivable"): Decimal("1078.28"),
        ("fund", "recovery_income"): Decimal("-1078.28"),
    }
    receive(row, "1078.28")
    with pytest.raises(StateConflict):
        recover_by_agreement([old], actor=supervisor(), at=AT, note="再次")


def test_who_inspected_or_entered_a_finding_does_not_recover_it() -> None:
    finding = make_finding()
    visit = finding.visit
    for actor in (visit.inspector, visit.second_inspector, finding.entered_by):
        with pytest.raises(SecondPersonRequired):
            recover_by_agreement([finding], actor=actor, at=AT, note="追回")
    with pytest.raises(NotPermitted):
        recover_by_agreement(
            [finding], actor=supervisor("supervision.open_case"), at=AT, note="追回"
        )
    with pytest.raises(ReasonMissing):
        recover_by_agreement([finding], actor=supervisor(), at=AT, note=" ")
    with pytest.raises(CaseRefused):
        recover_by_agreement([], actor=supervisor(), at=AT, note="追回")
    assert not Recovery.objects.exists()
    assert not Entry.objects.exists()


def test_decisions_and_receipts_are_append_only() -> None:
    case = decide(make_notified())
    receive(case.recovery, "1.00")
    receive(case.fine, "1.00")
    for model in (Recovery, Fine, RecoveryReceipt, FineReceipt):
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.update(amount=Decimal("5.00"))
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_a_suspension_is_written_to_the_agreement_and_felt_on_its_days() -> None:
    institution = make_institution()
    case = make_notified(institution=institution)
    first, last = TODAY + timedelta(days=1), date(2026, 12, 20)
    suspension = order_suspension(
        case, starts_on=first, ends_on=last, reason="拒不改正", actor=supervisor(), at=AT
    )
    assert suspension.document == case.number
    assert case.suspension_orders.get().suspension == suspension
    assert not designation_on(institution, TODAY).is_suspended
    assert designation_on(institution, first).is_suspended
    assert designation_on(institution, last).is_suspended
    assert not designation_on(institution, last + timedelta(days=1)).is_suspended
    step = case.transitions.last()
    assert (step.action, step.from_state, step.to_state) == ("suspend", "notified", "notified")


def test_a_suspension_needs_notice_permission_and_agreement() -> None:
    def order(case: Case, **fields: Any) -> None:
        values: dict[str, Any] = {"starts_on": TODAY, "ends_on": TODAY, "actor": supervisor()}
        order_suspension(case, reason="拒不改正", at=AT, **{**values, **fields})

    with pytest.raises(StateConflict):
        order(make_case())
    case = make_notified(institution=make_institution(agreement=None))
    with pytest.raises(NotPermitted):
        order(case, actor=supervisor("supervision.open_case"))
    with pytest.raises(CaseRefused, match=case.institution.name):
        order(case)
    assert not Suspension.objects.exists()
    assert case.transitions.count() == 2
