"""The finance office's screens: what they show, whom they refuse, what they cost."""

from datetime import date
from decimal import Decimal

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Entry, PaymentBatch, PaymentOrder, SettlementRun
from claims.payments import exchange, services
from claims.settlement import admin_views
from claims.settlement.workers import NoWorker
from claims.tests.night import (
    DAY,
    NOW,
    approved_claim,
    bank_return,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from enrollment.desk.queues import queues_for
from enrollment.tests.factories import make_institution, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client):
    user = make_finance()
    client.force_login(user)
    return user


def page(client, name, *args, **query):
    return client.get(reverse(f"admin:{name}", args=args), query)


def act(client, name, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data)


def test_a_run_explains_itself_and_leads_to_what_is_behind(client, finance):
    claim = approved_claim()
    held = approved_claim(make_person())
    run = settle().run
    text = page(client, "claims_settlementrun_change", run.pk).content.decode()
    assert "700.00" in text
    assert claim.institution.name in text
    assert reverse("admin:claims_entry_change", args=[Entry.objects.get().pk]) in text
    assert held.number in text
    drill = reverse("admin:claims_settledclaim_changelist")
    query = {
        "run__id__exact": run.pk,
        "institution__id__exact": claim.institution_id,
        "layer": "basic",
    }
    assert drill in text
    behind = client.get(drill, query)
    assert behind.status_code == 200
    assert claim.number in behind.content.decode()
    assert held.number not in behind.content.decode()


def test_the_figures_of_a_run_open_rows_that_add_up_to_them(client, finance):
    approved_claim()
    approved_claim(total=Decimal("30000.00"))
    shown = page(client, "claims_settlementrun_change", settle().run.pk)
    html, figures = shown.content.decode().replace("&amp;", "&"), shown.context["page"]
    whole = f"{reverse('admin:claims_settledclaim_changelist')}?run__id__exact="
    whole += str(figures.progress.run.pk)
    assert f'href="{whole}"' in html
    assert client.get(whole).context["cl"].counted.totals["paid"] == figures.total
    for line in figures.lines:
        assert f'href="{line.url}"' in html
        rows = client.get(line.url).context["cl"]
        assert rows.result_count == line.claims
        assert rows.counted.totals["layer_paid"] == line.paid


def test_a_running_run_shows_progress_and_asks_again_until_it_is_posted(client, finance):
    run = SettlementRun.objects.create(
        up_to=DAY, scheme="yongshun-resident", started_at=NOW, claims_found=5
    )
    text = page(client, "claims_settlementrun_change", run.pk).content.decode()
    poll = reverse("admin:claims_settlement_progress", args=[run.pk])
    assert f'hx-get="{poll}"' in text
    answer = client.get(poll)
    assert '<progress value="0" max="5">' in answer.content.decode()
    assert "HX-Refresh" not in answer
    run.state = "posted"
    run.save()
    answer = client.get(poll)
    assert answer["HX-Refresh"] == "true"
    assert "hx-get" not in answer.content.decode()


def test_settle_now_hands_the_day_to_a_worker(client, finance, monkeypatch):
    sent = []
    monkeypatch.setattr(admin_views, "require_workers", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda name, args: sent.append((name, args)))
    assert page(client, "claims_settlement_settle").status_code == 200
    assert sent == []
    answer = act(client, "claims_settlement_settle", day="2026-09-30")
    assert answer.status_code == 302
    assert sent == [("claims.settle_up_to", ["2026-09-30", finance.pk])]


def test_settle_now_says_when_no_worker_answers(client, finance, monkeypatch):
    def nobody():
        raise NoWorker("")

    sent = []
    monkeypatch.setattr(admin_views, "require_workers", nobody)
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: sent.append(args))
    answer = act(client, "claims_settlement_settle", day="2026-09-30")
    assert answer.status_code == 200
    assert "2026-09-30" in answer.content.decode()
    assert sent == []


def test_the_bank_is_paid_page_by_page(client, finance):
    approved_claim()
    approved_claim()
    settle()
    assert page(client, "claims_paymentbatch_make").status_code == 200
    assert act(client, "claims_paymentbatch_make").status_code == 302
    batch = PaymentBatch.objects.get()
    # One's own batch: the button is shown disabled, the page refuses.
    text = page(client, "claims_paymentbatch_change", batch.pk).content.decode()
    assert reverse("admin:claims_paymentbatch_approve", args=[batch.pk]) not in text
    assert act(client, "claims_paymentbatch_approve", batch.pk).status_code == 200
    batch.refresh_from_db()
    assert batch.state == "draft"
    client.force_login(make_finance())
    assert act(client, "claims_paymentbatch_approve", batch.pk).status_code == 302
    assert page(client, "claims_paymentbatch_file", batch.pk).status_code == 404
    assert act(client, "claims_paymentbatch_send", batch.pk).status_code == 302
    download = page(client, "claims_paymentbatch_file", batch.pk)
    assert download["Content-Disposition"] == f'attachment; filename="{batch.number}.csv"'
    assert download.content.decode("gb18030").count("\r\n") == 3
    batch.refresh_from_db()
    taken = batch.transitions.get(action="download")
    assert (taken.from_state, taken.to_state) == ("sent", "sent")
    assert taken.note == f"SHA-256 {batch.file_sha256}"
    assert taken.actor_id == int(client.session["_auth_user_id"])
    assert "下载银行文件" in page(client, "claims_paymentbatch_change", batch.pk).text
    failed = batch.orders.order_by("pk").first()
    day = timezone.localdate(batch.created_at).isoformat()
    returned = bank_return(batch, {failed.number: "户名不符"}, day=day)
    file = SimpleUploadedFile("r.csv", returned)
    assert act(client, "claims_paymentbatch_return", batch.pk, file=file).status_code == 302
    batch.refresh_from_db()
    assert batch.state == "closed"
    assert "户名不符" in page(client, "claims_paymentbatch_change", batch.pk).content.decode()
    assert ledger_faults() == []


def test_a_wrong_return_names_its_lines_and_books_nothing(client, finance):
    approved_claim()
    settle()
    batch = services.make_batch(actor=make_finance(), at=NOW).batch
    services.approve_batch(batch, actor=finance, at=NOW)
    exchange.write_bank_file(batch, actor=finance, at=NOW)
    file = SimpleUploadedFile("r.csv", "附言,结果,日期\nX-9,成功,2026-10-01".encode())
    answer = act(client, "claims_paymentbatch_return", batch.pk, file=file)
    assert answer.status_code == 200
    assert "X-9" in answer.content.decode()
    assert set(batch.orders.values_list("state", flat=True)) == {"batched"}


def test_a_failed_payment_is_corrected_and_paid_again_from_its_page(client, finance):
    approved_claim()
    settle()
    batch = services.make_batch(actor=make_finance(), at=NOW).batch
    services.approve_batch(batch, actor=finance, at=NOW)
    exchange.write_bank_file(batch, actor=finance, at=NOW)
    order = batch.orders.get()
    exchange.read_bank_return(
        batch, bank_return(batch, {order.number: "账号不存在"}), actor=finance, at=NOW
    )
    again = reverse("admin:claims_paymentorder_again", args=[order.pk])
    assert again in page(client, "claims_paymentorder_change", order.pk).content.decode()
    assert client.post(again).status_code == 200
    assert PaymentOrder.objects.count() == 1
    account = reverse("admin:claims_paymentorder_account", args=[order.pk])
    new = {"account_no": "6222021234567890", "account_name": "某"}
    assert client.post(account, new).status_code == 403
    client.force_login(make_user(["enrollment.correct_account", "claims.view_paymentorder"]))
    assert client.post(account, new).status_code == 302
    client.force_login(finance)
    assert client.post(again).status_code == 302
    order.refresh_from_db()
    assert order.state == "replaced"
    text = page(client, "claims_paymentorder_change", order.pk).content.decode()
    assert f"{order.number}-2" in text
    assert "6222021234567890" not in text


def test_entries_lead_to_claims_and_the_books_are_proved_at_a_button(client, finance):
    claim = approved_claim()
    settle()
    entry = Entry.objects.get()
    text = page(client, "claims_entry_change", entry.pk).content.decode()
    behind = reverse("admin:claims_settledclaim_changelist")
    assert f"{behind}?run__id__exact={claim.settled.run_id}" in text
    balance = page(client, "claims_ledger_balance").content.decode()
    assert balance.count("700.00") >= 4
    proved = act(client, "claims_ledger_balance")
    assert proved.status_code == 200
    assert "notice-green" in proved.content.decode()


LISTS = (
    "claims_settlementrun_changelist",
    "claims_settledclaim_changelist",
    "claims_entry_changelist",
    "claims_posting_changelist",
    "claims_paymentbatch_changelist",
    "claims_paymentorder_changelist",
)


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_however_long_they_are(client, finance, name):
    hospital = make_institution()

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, name).status_code == 200
        return len(queries)

    def night():
        for _n in range(3):
            approved_claim(None, hospital)
        settle()
        services.make_batch(actor=finance, at=NOW)

    night()
    statements()
    few = statements()
    night()
    night()
    assert statements() == few


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_record_can_be_added_changed_or_deleted_in_the_admin(client, name):
    approved_claim()
    settle()
    model = name.removesuffix("_changelist")
    client.force_login(make_user(is_superuser=True))
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
    pk = {"claims_entry": Entry, "claims_paymentorder": PaymentOrder}.get(model, SettlementRun)
    url = reverse(f"admin:{model}_change", args=[pk.objects.first().pk])
    assert client.post(url, {}).status_code in (302, 403)
    assert client.post(reverse(f"admin:{model}_delete", args=[1]), {}).status_code in (302, 403)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("claims_settlement_settle", ()),
        ("claims_settlement_progress", (1,)),
        ("claims_ledger_balance", ()),
        ("claims_paymentbatch_make", ()),
        ("claims_paymentbatch_approve", (1,)),
        ("claims_paymentbatch_cancel", (1,)),
        ("claims_paymentbatch_send", (1,)),
        ("claims_paymentbatch_file", (1,)),
        ("claims_paymentbatch_return", (1,)),
        ("claims_paymentorder_account", (1,)),
        ("claims_paymentorder_again", (1,)),
    ],
)
def test_without_the_permission_a_page_is_refused(client, name, args):
    client.force_login(make_user(["claims.view_claim"]))
    assert page(client, name, *args).status_code == 403
    assert act(client, name, *args).status_code == 403


def test_the_desk_shows_finance_its_queues(finance):
    approved_claim()
    approved_claim()
    approved_claim(covered_person(account_no="", account_name=""))
    settle()
    counts = {queue.key: queue.count for queue in queues_for(finance)}
    assert counts == {
        "unfinished_runs": 0,
        "orders_to_batch": 2,
        "batches_to_approve": 0,
        "batches_at_the_bank": 0,
        "failed_orders": 0,
    }
    other = make_finance()
    batch = services.make_batch(actor=other, at=NOW).batch
    counts = {queue.key: queue.count for queue in queues_for(finance)}
    assert (counts["orders_to_batch"], counts["batches_to_approve"]) == (0, 1)
    assert {queue.key: queue.count for queue in queues_for(other)}["batches_to_approve"] == 0
    services.approve_batch(batch, actor=finance, at=NOW)
    exchange.write_bank_file(batch, actor=finance, at=NOW)
    order = batch.orders.first()
    exchange.read_bank_return(
        batch, bank_return(batch, {order.number: "户名不符"}), actor=finance, at=NOW
    )
    counts = {queue.key: queue.count for queue in queues_for(finance)}
    assert (counts["batches_at_the_bank"], counts["failed_orders"]) == (0, 1)
    assert order.amount == Decimal("700.00")
    assert date(2026, 9, 30) == DAY
