"""Batches, the bank's files, and paying again."""

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal

import pytest

from claims.models import BankReturn, BatchTransition, Entry, PaymentBatch, PaymentOrder, Posting
from claims.payments import exchange, services
from claims.payments.bank_files import BadReturn, PayLine, read_lines, write_lines
from claims.payments.selectors import orders_without_account
from claims.tests.night import (
    NOW,
    approved_claim,
    bank_return,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from enrollment.residents.services import correct_account
from enrollment.tests.factories import make_user
from enrollment.transitions.table import (
    NotPermitted,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)


# --- the files, without a database --------------------------------------------------------
def test_the_bank_file_is_gb18030_with_chinese_headers():
    data = write_lines([PayLine("6222", "单, 明𠮷", Decimal("12.50"), "00001-000001")])
    rows = list(csv.reader(io.StringIO(data.decode("gb18030"))))
    assert rows == [
        ["序号", "收款账号", "收款户名", "金额", "用途", "附言"],
        ["1", "6222", "单, 明𠮷", "12.50", "医保待遇", "00001-000001"],
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_return_is_read_in_the_banks_encodings(encoding):
    text = "日期,附言,结果,失败原因,余\n20261001,A-1,成功,,x\n\n2026-10-02,A-2,失败,户名不符,x\n"
    lines = read_lines(text.encode(encoding))
    assert [(line.line, line.order, line.paid, line.failure, line.on) for line in lines] == [
        (2, "A-1", True, "", date(2026, 10, 1)),
        (4, "A-2", False, "户名不符", date(2026, 10, 2)),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("附言,结果\nA,成功", "日期"),
        ("附言,结果,日期\nA,好,2026-10-01", "好"),
        ("附言,结果,日期\n,成功,2026-10-01", "附言"),
        ("附言,结果,日期\nA,失败,2026-10-01", "失败原因"),
        ("附言,结果,日期\nA,成功,2026-13-01", "2026-13-01"),
        ("附言,结果,日期,金额\nA,成功,2026-10-01,1.005", "1.005"),
        ("附言,结果,日期\nA,成功", "20260901"),
        ("附言,结果,日期\n\0", "GB18030"),
        ("", "附言"),
    ],
)
def test_a_return_that_cannot_be_read_is_refused_with_its_line(text, problem):
    with pytest.raises(BadReturn) as refused:
        read_lines(text.encode())
    assert problem in str(refused.value)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadReturn):
        read_lines(b"PK\x03\x04\xff\xff\xff")


# --- batches ------------------------------------------------------------------------------
def sent_batch(claims=2):
    for _n in range(claims):
        approved_claim()
    settle()
    maker, approver = make_finance(), make_finance()
    batch = services.make_batch(actor=maker, at=NOW).batch
    services.approve_batch(batch, actor=approver, at=NOW)
    exchange.write_bank_file(batch, actor=maker, at=NOW)
    return batch, maker


@pytest.mark.django_db
def test_a_batch_takes_all_orders_with_an_account():
    approved_claim()
    without = approved_claim(covered_person(account_no="", account_name=""))
    settle()
    finance = make_finance()
    made = services.make_batch(actor=finance, at=NOW)
    assert (made.batch.orders_count, made.batch.total, made.without_account) == (
        1,
        Decimal("700.00"),
        1,
    )
    assert made.batch.number == "P20261001-01"
    waiting = PaymentOrder.objects.get(claim=without)
    assert waiting.state == "pending"
    assert list(orders_without_account()) == [waiting]
    with pytest.raises(services.NothingToPay, match="1"):
        services.make_batch(actor=finance, at=NOW)
    assert PaymentBatch.objects.count() == 1
    clerk = make_user(["enrollment.correct_account"])
    correct_account(
        without.person, account_no="6222021234567890", account_name="某", actor=clerk, at=NOW
    )
    later = services.make_batch(actor=finance, at=NOW)
    assert (later.batch.number, later.batch.orders_count) == ("P20261001-02", 1)
    waiting.refresh_from_db()
    assert (waiting.account_no, waiting.account_name) == ("6222021234567890", "某")
    assert ledger_faults() == []


@pytest.mark.django_db
def test_nobody_approves_his_own_batch():
    approved_claim()
    settle()
    maker = make_finance()
    batch = services.make_batch(actor=maker, at=NOW).batch
    with pytest.raises(SecondPersonRequired):
        services.approve_batch(batch, actor=maker, at=NOW)
    with pytest.raises(NotPermitted):
        services.approve_batch(batch, actor=make_user(["claims.make_batch"]), at=NOW)
    with pytest.raises(StateConflict):
        exchange.write_bank_file(batch, actor=maker, at=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.file_sha256) == ("draft", "")
    approver = make_finance()
    services.approve_batch(batch, actor=approver, at=NOW)
    with pytest.raises(StateConflict):
        services.approve_batch(batch, actor=make_finance(), at=NOW)
    log = BatchTransition.objects.filter(subject=batch).values_list("action", "actor")
    assert list(log) == [("make", maker.pk), ("approve", approver.pk)]


@pytest.mark.django_db
def test_a_cancelled_batch_gives_its_orders_back():
    approved_claim()
    settle()
    maker = make_finance()
    batch = services.make_batch(actor=maker, at=NOW).batch
    with pytest.raises(TransitionRefused):
        services.cancel_batch(batch, actor=make_finance(), at=NOW, note=" ")
    assert PaymentOrder.objects.get().batch == batch
    services.cancel_batch(batch, actor=make_finance(), at=NOW, note="重复")
    order = PaymentOrder.objects.get()
    assert (order.state, order.batch) == ("pending", None)
    assert services.make_batch(actor=maker, at=NOW).batch.orders_count == 1
    assert ledger_faults() == []


@pytest.mark.django_db
def test_the_bank_file_is_the_same_each_time_and_its_digest_is_kept():
    batch, maker = sent_batch()
    assert batch.state == "sent"
    first = exchange.write_bank_file(batch, actor=maker, at=NOW)
    person = PaymentOrder.objects.first().person
    clerk = make_user(["enrollment.correct_account"])
    correct_account(person, account_no="6222021234567890", account_name="某", actor=clerk, at=NOW)
    assert exchange.write_bank_file(batch, actor=maker, at=NOW) == first
    assert hashlib.sha256(first).hexdigest() == batch.file_sha256
    PaymentOrder.objects.filter(pk=PaymentOrder.objects.first().pk).update(account_name="他人")
    with pytest.raises(exchange.FileChanged):
        exchange.write_bank_file(batch, actor=maker, at=NOW)
    with pytest.raises(NotPermitted):
        exchange.write_bank_file(batch, actor=make_user(), at=NOW)


# --- the return -----------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_return_pays_fails_posts_and_closes():
    batch, maker = sent_batch(claims=3)
    failed = batch.orders.order_by("pk").first()
    result = exchange.read_bank_return(
        batch, bank_return(batch, {failed.number: "户名不符"}), actor=maker, at=NOW
    )
    assert (result.paid, result.failed, result.paid_total, result.closed) == (
        2,
        1,
        Decimal("1400.00"),
        True,
    )
    assert batch.state == "closed"
    failed.refresh_from_db()
    assert (failed.state, failed.failure, failed.paid_on) == ("failed", "户名不符", None)
    paid = batch.orders.filter(state="paid").first()
    assert (paid.paid_on, paid.failure) == (date(2026, 10, 1), "")
    entry = Entry.objects.get(source="bank_return")
    assert entry.on == date(2026, 10, 1)
    assert sorted(entry.postings.values_list("book", "account", "debit", "credit")) == [
        ("fund", "benefits_payable", Decimal("1400.00"), Decimal("0.00")),
        ("fund", "expenditure_account", Decimal("0.00"), Decimal("1400.00")),
    ]
    kept = BankReturn.objects.get()
    assert (kept.paid_count, kept.failed_count, kept.paid_total) == (2, 1, Decimal("1400.00"))
    assert ledger_faults() == []


@pytest.mark.django_db
def test_a_return_may_come_in_parts():
    batch, maker = sent_batch(claims=2)
    whole = bank_return(batch).split(b"\r\n")
    first = exchange.read_bank_return(batch, b"\r\n".join(whole[:2]), actor=maker, at=NOW)
    assert (first.paid, first.closed, batch.state) == (1, False, "sent")
    last = exchange.read_bank_return(batch, b"\r\n".join([whole[0], whole[2]]), actor=maker, at=NOW)
    assert (last.paid, last.closed, batch.state) == (1, True, "closed")
    assert ledger_faults() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda text, number: text + "\r\n99999-000009,成功,,2026-10-01", "99999-000009"),
        (lambda text, number: text + f"\r\n{number},成功,,2026-10-01", "-000001"),
        (lambda text, number: text.replace("2026-10-01", "2026-10-02"), "2026-10-02"),
        (lambda text, number: text.replace("2026-10-01", "2026-09-30"), "2026-09-30"),
        (lambda text, number: text.replace("2026-10-01", "9999-12-31"), "9999-12-31"),
        (
            lambda text, number: (
                f"附言,结果,失败原因,日期,金额\r\n{number},成功,,2026-10-01,700.01"
            ),
            "700.01",
        ),
        (lambda text, number: "附言,结果,失败原因,日期\r\n", ""),
    ],
)
def test_a_return_that_does_not_fit_is_refused_whole(spoil, names):
    batch, maker = sent_batch()
    number = batch.orders.order_by("pk").first().number
    data = spoil(bank_return(batch).decode("gb18030"), number).encode("gb18030")
    with pytest.raises(exchange.ReturnRefused) as refused:
        exchange.read_bank_return(batch, data, actor=maker, at=NOW)
    assert names in str(refused.value)
    assert set(batch.orders.values_list("state", flat=True)) == {"batched"}
    assert not Entry.objects.filter(source="bank_return").exists()
    assert not BankReturn.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "sent"


@pytest.mark.django_db
def test_a_return_read_twice_is_refused():
    batch, maker = sent_batch()
    data = bank_return(batch)
    part = b"\r\n".join(data.split(b"\r\n")[:2])
    exchange.read_bank_return(batch, part, actor=maker, at=NOW)
    with pytest.raises(exchange.ReturnRefused):
        exchange.read_bank_return(batch, data, actor=maker, at=NOW)
    assert Posting.objects.filter(account="expenditure_account").count() == 1
    assert ledger_faults() == []


@pytest.mark.django_db
def test_a_failed_payment_is_paid_again_to_the_corrected_account():
    batch, maker = sent_batch(claims=1)
    failed = batch.orders.get()
    exchange.read_bank_return(
        batch, bank_return(batch, {failed.number: "账号不存在"}), actor=maker, at=NOW
    )
    with pytest.raises(TransitionRefused, match="账号不存在"):
        services.pay_again(failed, actor=maker, at=NOW)
    with pytest.raises(NotPermitted):
        services.pay_again(failed, actor=make_user(), at=NOW)
    assert PaymentOrder.objects.count() == 1
    clerk = make_user(["enrollment.correct_account"])
    correct_account(
        failed.person, account_no="6222021234567890", account_name="某", actor=clerk, at=NOW
    )
    again = services.pay_again(failed, actor=maker, at=NOW)
    assert (again.number, again.state, again.amount) == (
        f"{failed.number}-2",
        "pending",
        failed.amount,
    )
    assert (again.account_no, again.replaces, again.ordered_by) == (
        "6222021234567890",
        failed,
        maker,
    )
    failed.refresh_from_db()
    assert (failed.state, failed.failure) == ("replaced", "账号不存在")
    with pytest.raises(StateConflict):
        services.pay_again(failed, actor=maker, at=NOW)
    assert ledger_faults() == []
    second = services.make_batch(actor=maker, at=NOW).batch
    services.approve_batch(second, actor=make_finance(), at=NOW)
    exchange.write_bank_file(second, actor=maker, at=NOW)
    exchange.read_bank_return(second, bank_return(second), actor=maker, at=NOW)
    again.refresh_from_db()
    assert again.state == "paid"
    assert ledger_faults() == []
