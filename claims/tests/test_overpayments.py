"""What is owed back: received, in instalments, set off, written off; and never too much."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from claims.ledger.checks import verify
from claims.models import (
    Account,
    Clearance,
    ClearanceState,
    Entry,
    Overpayment,
    PaymentOrder,
    Posting,
    Repayment,
    SetOff,
)
from claims.overpayments.clearances import (
    approve_clearance,
    propose_set_off,
    propose_write_off,
    reject_clearance,
    withdraw_clearance,
)
from claims.overpayments.plans import monthly_parts, owed_by_part
from claims.overpayments.selectors import (
    account_of,
    open_amount,
    shares_to_set_off,
    with_standing,
)
from claims.overpayments.services import agree_plan, record_repayment
from claims.payments.services import NothingToPay, make_batch, pay_again
from claims.tests.night import NOW, approved_claim, ledger_faults, make_finance, settle
from claims.tests.overpaid import officer, pay_all, reversed_claim
from enrollment.tests.factories import make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

TODAY = NOW.date()


def repay(owed: Overpayment, amount: str, document: str = "R1", **fields: Any) -> Repayment:
    given = {"on": TODAY, "at": NOW, **fields}
    if "actor" not in given:
        given["actor"] = officer()
    return record_repayment(owed, amount=Decimal(amount), document=document, **given)


def write_off(owed: Overpayment, amount: str, actor: Any) -> Clearance:
    return propose_write_off(
        owed, amount=Decimal(amount), note="人已死亡,无遗产", document="医保发〔2026〕3号",
        actor=actor, at=NOW,
    )  # fmt: skip


def set_off(owed: Overpayment, amount: str, actor: Any) -> Clearance:
    share = shares_to_set_off(owed).first()
    assert share is not None
    return propose_set_off(
        owed, share, amount=Decimal(amount), note="本人同意", document="同意书 7", actor=actor,
        at=NOW,
    )  # fmt: skip


def balance(account: str, book: str = "fund") -> Decimal:
    rows = Posting.objects.filter(account=account, book=book)
    return sum((row.debit - row.credit for row in rows), Decimal(0))


# --- pure -----------------------------------------------------------------------------------------
def test_parts_are_equal_to_the_fen_and_sum_exactly() -> None:
    parts = monthly_parts(70_001, 4, date(2027, 10, 31))
    assert [str(day) for day, _fen in parts] == [
        "2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31",
    ]  # fmt: skip
    assert [fen for _day, fen in parts] == [17_501, 17_500, 17_500, 17_500]
    with pytest.raises(ValueError, match="cannot be cut"):
        monthly_parts(2, 3, date(2027, 1, 1))


def test_what_came_in_fills_the_earliest_part() -> None:
    parts = [(date(2027, month, 1), 100) for month in (3, 1, 2)]
    assert [due.owed for due in owed_by_part(parts, 300)] == [100, 100, 100]
    assert [due.owed for due in owed_by_part(parts, 150)] == [0, 50, 100]
    assert [due.owed for due in owed_by_part(parts, 0)] == [0, 0, 0]


# --- received -------------------------------------------------------------------------------------
def test_money_received_is_posted_once_and_never_more_than_is_open(db: None) -> None:
    _person, owed = reversed_claim()
    actor = officer()
    first = repay(owed, "300.00", actor=actor)
    assert repay(owed, "300.00", actor=actor) == first
    assert (open_amount(owed), balance(Account.OVERPAYMENTS_RECEIVABLE)) == (Decimal("400.00"),) * 2
    assert balance(Account.FISCAL_ACCOUNT) == Decimal("300.00")
    for amount, document, fields in (
        ("400.01", "R2", {}),
        ("0.00", "R2", {}),
        ("1.00", " ", {}),
        ("1.00", "R1", {}),
        ("1.00", "R2", {"on": TODAY + timedelta(days=1)}),
        ("1.00", "R2", {"on": owed.opened_on - timedelta(days=1)}),
    ):
        with pytest.raises(TransitionRefused):
            repay(owed, amount, document, actor=actor, **fields)
    with pytest.raises(NotPermitted):
        repay(owed, "1.00", "R2", actor=make_user(["claims.view_overpayment"]))
    assert Repayment.objects.count() == 1
    repay(owed, "400.00", "R3", actor=actor)
    assert open_amount(owed) == 0
    assert ledger_faults() == []


# --- instalments ----------------------------------------------------------------------------------
def test_the_latest_plan_holds_and_is_overdue_from_the_day_after(db: None) -> None:
    _person, owed = reversed_claim()
    actor = officer()
    due = [date(2026, 11, 1), date(2026, 12, 1)]

    def agree(*amounts: str, days: list[date] = due) -> None:
        parts = [(day, Decimal(one)) for day, one in zip(days, amounts, strict=True)]
        agree_plan(owed, parts, note="本人同意分两期", actor=actor, at=NOW)

    for refused, days in (
        (("300.00", "300.00"), due),
        (("700.00", "0.00"), due),
        (("350.00", "350.00"), [due[0], due[0]]),
        (("350.00", "350.00"), [TODAY - timedelta(days=1), due[0]]),
    ):
        with pytest.raises(TransitionRefused):
            agree(*refused, days=days)
    with pytest.raises(ReasonMissing):
        agree_plan(owed, [(due[0], Decimal("700.00"))], note=" ", actor=actor, at=NOW)
    agree("500.00", "200.00")
    agree("350.00", "350.00")

    def overdue(day: date) -> tuple[bool, bool]:
        row = with_standing(Overpayment.objects.filter(pk=owed.pk), day).get()
        return row.is_overdue, account_of(owed, day).is_overdue

    assert overdue(due[0]) == (False, False)
    assert overdue(due[0] + timedelta(days=1)) == (True, True)
    repay(owed, "349.99", "R1")
    assert overdue(due[0] + timedelta(days=1)) == (True, True)
    repay(owed, "0.01", "R2")
    assert overdue(due[0] + timedelta(days=1)) == (False, False)
    assert [line.owed for line in account_of(owed, TODAY).lines] == [0, Decimal("350.00")]
    assert overdue(due[1] + timedelta(days=1)) == (True, True)
    agree_plan(owed, [(due[1], Decimal("350.00"))], note="余款一次", actor=actor, at=NOW)
    assert ledger_faults() == []


# --- set off --------------------------------------------------------------------------------------
def test_a_set_off_keeps_part_of_the_next_payment(db: None) -> None:
    person, owed = reversed_claim()
    first, second = officer(), officer()
    pay_all()
    assert not shares_to_set_off(owed).exists()
    approved_claim(person, total=Decimal("600.00"))
    settle()
    clearance = set_off(owed, "400.00", first)
    assert not SetOff.objects.exists()
    with pytest.raises(SecondPersonRequired):
        approve_clearance(clearance, actor=first, at=NOW)
    with pytest.raises(StateConflict):  # one at a time
        set_off(owed, "1.00", first)
    approve_clearance(clearance, actor=second, at=NOW)
    order = PaymentOrder.objects.get(state="pending")
    assert (order.amount, open_amount(owed)) == (Decimal("20.00"), Decimal("300.00"))
    with pytest.raises(TransitionRefused):  # the share has 20.00 left
        set_off(owed, "20.01", first)
    assert ledger_faults() == []
    pay_all(fail=True)
    order.refresh_from_db()
    person.account_no = "6217000010001234567"
    person.save()
    again = pay_again(order, actor=make_finance(), at=NOW)
    assert (again.amount, again.shares.get().amount) == (Decimal("20.00"), Decimal("420.00"))
    assert ledger_faults() == []
    approve_clearance(set_off(owed, "20.00", first), actor=second, at=NOW)
    again.refresh_from_db()
    assert (again.state, again.amount) == ("set_off", 0)
    with pytest.raises(NothingToPay):
        make_batch(actor=make_finance(), at=NOW)
    assert ledger_faults() == []


def test_a_payment_that_has_gone_into_a_batch_is_not_set_off(db: None) -> None:
    person, owed = reversed_claim()
    first, second = officer(), officer()
    clearance = set_off(owed, "100.00", first)
    make_batch(actor=make_finance(), at=NOW)
    with pytest.raises(StateConflict):
        approve_clearance(clearance, actor=second, at=NOW)
    clearance.refresh_from_db()
    assert (clearance.state, open_amount(owed)) == ("proposed", Decimal("700.00"))
    assert not shares_to_set_off(owed).exists()
    assert person.orders.get(state="batched").amount == Decimal("700.00")
    assert ledger_faults() == []


def test_another_payee_or_another_payer_is_never_set_off(db: None) -> None:
    _person, owed = reversed_claim()
    other = approved_claim(total=Decimal("600.00"))
    settle()
    share = other.orders.get().shares.get()
    with pytest.raises(TransitionRefused, match=r"same payee|同一"):
        propose_set_off(
            owed, share, amount=Decimal("1.00"), note="x", document="y", actor=officer(), at=NOW
        )
    assert share not in shares_to_set_off(owed)


# --- written off ----------------------------------------------------------------------------------
def test_a_write_off_needs_a_decision_and_a_second_person(db: None) -> None:
    _person, owed = reversed_claim()
    first, second = officer(), officer()
    with pytest.raises(ReasonMissing):
        propose_write_off(owed, amount=Decimal("1.00"), note="x", document=" ", actor=first, at=NOW)
    clearance = write_off(owed, "700.00", first)
    with pytest.raises(TransitionRefused):  # it is proposed to be given up whole
        repay(owed, "0.01")
    row = approve_clearance(clearance, actor=second, at=NOW)
    assert (row.kind, row.document, open_amount(owed)) == ("written_off", str(clearance), 0)
    assert balance(Account.OVERPAYMENTS_WRITTEN_OFF) == Decimal("700.00")
    assert balance(Account.OVERPAYMENTS_RECEIVABLE) == 0
    assert ledger_faults() == []


@pytest.mark.parametrize("state", ClearanceState.values)
@pytest.mark.parametrize("action", ["approve", "reject", "withdraw"])
def test_what_may_follow_what(db: None, state: str, action: str) -> None:
    _person, owed = reversed_claim()
    first, second = officer(), officer()
    clearance = write_off(owed, "100.00", first)
    steps: dict[str, Any] = {
        "approve": lambda: approve_clearance(clearance, actor=second, at=NOW),
        "reject": lambda: reject_clearance(clearance, actor=second, at=NOW, note="x"),
        "withdraw": lambda: withdraw_clearance(clearance, actor=first, at=NOW, note="x"),
    }
    into = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
    if state in into:
        steps[into[state]]()
    before = Repayment.objects.count()
    if state == ClearanceState.PROPOSED:
        steps[action]()
        assert Repayment.objects.count() - before == int(action == "approve")
    else:
        with pytest.raises(StateConflict):
            steps[action]()
        assert Repayment.objects.count() == before
    assert ledger_faults() == []


# --- the database, and the proof ------------------------------------------------------------------
def test_the_database_refuses_more_than_is_owed_and_any_change(db: None) -> None:
    _person, owed = reversed_claim()
    first, second = officer(), officer()
    approve_clearance(set_off(owed, "100.00", first), actor=second, at=NOW)
    agree_plan(owed, [(TODAY, Decimal("600.00"))], note="一次", actor=first, at=NOW)
    with pytest.raises(IntegrityError, match="would exceed"), transaction.atomic():
        Repayment.objects.create(
            overpayment=owed, on=TODAY, amount=Decimal("600.01"), document="X", recorded_by=first,
            recorded_at=NOW,
        )  # fmt: skip
    with connection.cursor() as cursor:
        for table in ("repayment", "setoff", "instalment", "repaymentplan", "clearancetransition"):
            for sql in ("UPDATE claims_{} SET id = id", "DELETE FROM claims_{}"):
                with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                    cursor.execute(sql.format(table))
        for sql in ("UPDATE claims_clearance SET amount = 1", "DELETE FROM claims_clearance"):
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                cursor.execute(sql)
        with pytest.raises(IntegrityError, match="order_amount_positive"), transaction.atomic():
            cursor.execute("UPDATE claims_paymentorder SET state = 'set_off'")


@pytest.mark.parametrize(
    ("broken", "names"),
    [
        (
            'INSERT INTO claims_repayment (overpayment_id, kind, "on", amount, document,'
            " recorded_by_id, recorded_at) SELECT id, 'received', now(), 1, 'X', {user}, now()"
            " FROM claims_overpayment",
            {"repayments_equal_ledger", "overpayments_equal_ledger"},
        ),
        (
            "UPDATE claims_clearance SET state = 'withdrawn'",
            {"clearances_done_once", "set_offs_equal_clearances"},
        ),
        (
            "UPDATE claims_paymentorder SET amount = amount + 1",
            {"orders_sum", "batches_sum"},
        ),
        (
            "INSERT INTO claims_instalment (plan_id, due_on, amount) SELECT id, '2027-01-01', 1"
            " FROM claims_repaymentplan",
            {"instalments_sum"},
        ),
    ],
)
def test_the_proof_notices(db: None, broken: str, names: set[str]) -> None:
    _person, owed = reversed_claim()
    first, second = officer(), officer()
    approve_clearance(set_off(owed, "100.00", first), actor=second, at=NOW)
    agree_plan(owed, [(TODAY, Decimal("600.00"))], note="一次", actor=first, at=NOW)
    assert ledger_faults() == []
    with connection.cursor() as cursor:
        cursor.execute(broken.replace("{user}", str(first.pk)))
    assert {one.name for one in verify() if not one.ok} == names
    assert Entry.objects.filter(source="overpayment_set_off").count() == 1
