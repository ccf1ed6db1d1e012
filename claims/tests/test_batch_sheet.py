"""The sheet of a payment batch: what was approved, by whom, in whose money."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.batch_sheet import document
from claims.models import PaymentBatch
from claims.payments import exchange, services
from claims.tests.night import NOW, approved_claim, bank_return, make_finance, settle
from enrollment.models import IssuedPaper, User
from enrollment.tests.factories import make_user
from enrollment.tests.papers import pdf_text

pytestmark = pytest.mark.django_db


def approved_batch(claims: int = 2) -> tuple[PaymentBatch, User, User]:
    for _n in range(claims):
        approved_claim()
    settle()
    maker, approver = make_finance(full_name="田制单"), make_finance(full_name="彭审批")
    batch = services.make_batch(actor=maker, at=NOW).batch
    services.approve_batch(batch, actor=approver, at=NOW)
    return batch, maker, approver


def page(client: Client, batch: PaymentBatch, name: str = "sheet") -> Any:
    return client.get(reverse(f"admin:claims_paymentbatch_{name}", args=[batch.pk]))


def test_the_sheet_names_orders_total_capitals_and_both_signatories(client: Client) -> None:
    batch, maker, approver = approved_batch()
    client.force_login(maker)
    shown = page(client, batch).content.decode()
    for words in (batch.number, "1,400.00", "壹仟肆佰元整", str(maker), str(approver)):
        assert words in shown
    for order in batch.orders.all():
        assert order.number in shown
        assert order.masked_account in shown
        assert order.account_no not in shown


def test_what_the_bank_answers_changes_nothing_on_the_sheet(client: Client) -> None:
    batch, maker, _approver = approved_batch()
    client.force_login(maker)
    page(client, batch)
    exchange.write_bank_file(batch, actor=maker, at=NOW)
    failing = {batch.orders.order_by("pk")[0].number: "账户不存在"}
    exchange.read_bank_return(batch, bank_return(batch, failing), actor=maker, at=NOW)
    page(client, batch)
    assert IssuedPaper.objects.get().version == 1


def test_a_batch_that_nobody_approved_has_no_sheet(client: Client) -> None:
    approved_claim()
    settle()
    maker = make_finance()
    batch = services.make_batch(actor=maker, at=NOW).batch
    client.force_login(maker)
    for name in ("sheet", "sheet_pdf"):
        assert page(client, batch, name).status_code == 302
    assert not IssuedPaper.objects.exists()


def test_the_sheet_is_closed_to_others(client: Client) -> None:
    batch, _maker, _approver = approved_batch(1)
    client.force_login(make_user(["claims.view_claim"]))
    assert page(client, batch).status_code == 403
    assert not IssuedPaper.objects.exists()


def test_a_very_long_batch_is_printed_by_its_sums(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "MOST_ORDERS", 1)
    batch, maker, _approver = approved_batch()
    client.force_login(maker)
    shown = page(client, batch).content.decode()
    assert batch.orders.order_by("pk")[0].number not in shown
    assert "1,400.00" in shown


def test_its_statements_do_not_grow_with_the_orders(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    batch, maker, _approver = approved_batch(6)
    client.force_login(maker)
    page(client, batch)
    with django_assert_max_num_queries(14):
        page(client, batch)


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "拨付批次单"), ("en", "Paymentbatchsheet")]
)
def test_the_pdf_shows_totals_and_pages(client: Client, language: str, words: str) -> None:
    batch, maker, _approver = approved_batch()
    client.force_login(maker)
    client.cookies["django_language"] = language
    text = "".join(pdf_text(page(client, batch, "sheet_pdf").content).split())
    for shown in (words, "1,400.00", "壹仟肆佰元整", "田制单", "彭审批"):
        assert shown in text
