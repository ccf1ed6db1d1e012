"""The finance pages say where each amount comes from, in words and as a link."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims.corrections.services import approve_correction
from claims.ledger.origins import origin_words
from claims.models import Entry, PaymentBatch, PaymentOrder, Posting
from claims.overpayments.services import record_repayment
from claims.payments import exchange, services
from claims.policies.selectors import layer_name
from claims.tests.night import FINANCE, NOW, approved_claim, bank_return, make_finance, settle
from claims.tests.overpaid import officer, reversed_claim
from claims.tests.test_corrections import OFFICER, late_bill, proposed
from enrollment.tests.factories import make_institution, make_user

pytestmark = pytest.mark.django_db


def page(client: Client, model: str, pk: int) -> str:
    return client.get(reverse(f"admin:claims_{model}_change", args=[pk])).content.decode()


def link(address: str, words: str) -> str:
    return f'<a class="money" href="{address}">{words}</a>'


def settled(model: str = "settledclaim", *args: Any) -> str:
    return reverse(f"admin:claims_{model}_change", args=args)


@pytest.mark.parametrize(
    ("language", "record", "lang", "payer"),
    [
        ("zh-hans", "结算批次 {}", "zh", "基本医保基金"),
        ("en", "Settlement run {}", "en", "basic insurance fund"),
    ],
)
def test_a_settlements_entry_names_run_institution_layer_and_payer(
    client: Client, language: str, record: str, lang: str, payer: str
) -> None:
    claim = approved_claim()
    run = settle().run
    client.force_login(make_finance())
    client.cookies["django_language"] = language
    entry = Entry.objects.get()
    shown = page(client, "entry", entry.pk)
    layer = layer_name("basic", lang)
    assert layer != "basic"
    words = " · ".join((record.format(run.pk), claim.institution.name, layer, payer))
    assert f">{words}</a>" in shown
    assert entry.source_key not in shown
    listed = client.get(reverse("admin:claims_entry_changelist")).content.decode()
    assert entry.source_key not in listed


def test_a_bank_returns_entry_names_batch_and_day(client: Client) -> None:
    approved_claim()
    settle()
    batch = returned_batch()
    client.force_login(make_finance())
    client.cookies["django_language"] = "en"
    shown = page(client, "entry", Entry.objects.get(source="bank_return").pk)
    assert f"Bank return of batch {batch} · paid on 2026-10-01</a>" in shown


def words_of(source: str) -> str:
    entry = Entry.objects.filter(source=source).order_by("pk")[0]
    with translation.override("en"):
        return origin_words(entry, list(entry.postings.select_related("institution")))


def test_corrections_and_repayments_are_named_by_their_numbers() -> None:
    layer_and_payer = f"{layer_name('basic', 'en')} · basic insurance fund"
    _person, owed = reversed_claim()
    record_repayment(
        owed,
        amount=Decimal("1.00"),
        on=owed.opened_on,
        document="收据1",
        actor=officer(),
        at=NOW,
    )
    place = owed.correction.revisions.get().settled.institution
    assert words_of("correction") == f"Correction {owed.correction} · {place} · {layer_and_payer}"
    assert words_of("repayment") == f"Overpayment {owed} · Resident · {layer_and_payer}"


def test_what_is_set_off_for_a_resident_does_not_name_the_resident() -> None:
    person = late_bill()
    correction = proposed(person, make_user(OFFICER))
    approve_correction(correction, actor=make_user(OFFICER), at=NOW)
    words = words_of("correction_offset")
    assert words.startswith(f"Correction {correction} · Resident · ")
    assert person.name not in words


def test_an_event_of_the_supervision_is_named_by_its_description() -> None:
    posting = Posting(institution=make_institution(name="灵溪镇卫生院"))
    entry = Entry(source="fine_receipt", source_key="7", description="医保罚〔2026〕1号 收据2")
    assert origin_words(entry, [posting, posting]) == "医保罚〔2026〕1号 收据2 · 灵溪镇卫生院"


def returned_batch() -> PaymentBatch:
    maker, approver = make_finance(), make_finance()
    batch = services.make_batch(actor=maker, at=NOW).batch
    services.approve_batch(batch, actor=approver, at=NOW)
    exchange.write_bank_file(batch, actor=maker, at=NOW)
    exchange.read_bank_return(batch, bank_return(batch), actor=maker, at=NOW)
    return batch


def test_a_window_orders_amount_and_shares_lead_to_the_settled_result(client: Client) -> None:
    claim = approved_claim()
    settle()
    order = PaymentOrder.objects.get()
    client.force_login(make_finance())
    result = link(settled("settledclaim", claim.pk), "700.00")
    assert page(client, "paymentorder", order.pk).count(result) == 2
    only_claims = [one for one in FINANCE if one != "claims.view_settledclaim"]
    client.force_login(make_user(only_claims))
    assert link(settled("claim", claim.pk), "700.00") in page(client, "paymentorder", order.pk)
    client.force_login(make_user(["claims.view_paymentorder"]))
    shown = page(client, "paymentorder", order.pk)
    assert "700.00" in shown
    assert '<a class="money"' not in shown


def test_an_institutions_order_leads_to_its_uploads(client: Client) -> None:
    hospital = make_institution()
    claim = approved_claim(None, hospital, source="upload", visit_no="V1")
    run = settle().run
    client.force_login(make_finance())
    shown = page(client, "paymentorder", PaymentOrder.objects.get().pk)
    listed = reverse("admin:claims_settledclaim_changelist")
    query = f"run__id__exact={run.pk}&amp;institution__id__exact={hospital.pk}"
    address = f"{listed}?{query}&amp;source__exact=upload"
    assert link(address, "700.00") in shown
    assert claim.number in client.get(address.replace("&amp;", "&")).content.decode()


def test_a_corrections_order_leads_to_the_correction(client: Client) -> None:
    correction = proposed(late_bill(source="upload"), make_user(OFFICER))
    approve_correction(correction, actor=make_user(OFFICER), at=NOW)
    order = PaymentOrder.objects.filter(correction=correction).first()
    assert order is not None
    client.force_login(make_user([*FINANCE, "claims.view_correction"]))
    shown = page(client, "paymentorder", order.pk)
    assert f'<a class="money" href="{settled("correction", correction.pk)}">' in shown


def test_a_batchs_total_and_counts_lead_to_its_orders_and_each_amount_to_its_order(
    client: Client,
) -> None:
    approved_claim()
    approved_claim()
    settle()
    batch = returned_batch()
    client.force_login(make_finance())
    shown = page(client, "paymentbatch", batch.pk)
    listed = f"{reverse('admin:claims_paymentorder_changelist')}?batch__id__exact={batch.pk}"
    assert link(listed, "1,400.00") in shown
    assert f'<a href="{listed}">2</a>' in shown
    assert link(f"{listed}&amp;state__exact=paid", "1,400.00") in shown
    for order in batch.orders.all():
        assert link(settled("paymentorder", order.pk), "700.00") in shown
        assert order.number in client.get(f"{listed}&state__exact=paid").content.decode()
