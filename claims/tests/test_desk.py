"""The desk's cards and boards of claims: what is urgent, how much, and the rows behind."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.boards.fund import paid_by_month
from claims.models import Claim, ClaimState, PaymentOrder, Posting
from claims.tests.factories import make_claim, make_clerk, make_reviewer
from claims.tests.night import DAY, approved_claim, make_finance, settle
from enrollment.boards.registry import registered_for
from enrollment.desk import queues
from enrollment.desk.queues import FIRST, STATEMENTS, queues_for
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau():
    make_bureau(scheme="yongshun-resident")


def card(user, key):
    (found,) = [queue for queue in queues_for(user) if queue.key == key]
    return found


def board(user, key):
    (found,) = [one for one in registered_for(user) if one.key == key]
    with CaptureQueriesContext(connection) as captured:
        told = found.provider(user)
    assert len(captured) <= found.statements
    return told


def due_in(days, **fields):
    claim = make_claim(**fields)
    Claim.objects.filter(pk=claim.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    return claim


def test_what_is_overdue_comes_first_and_is_counted():
    later, overdue, soon, undated = due_in(60), due_in(-9), due_in(1), make_claim()
    queue = card(make_reviewer(), "claims_first")
    assert (queue.count, queue.overdue) == (4, 1)
    order = [claim.person.name for claim in (overdue, soon, later, undated)]
    assert [one.label for one in queue.first] == order
    assert [one.tone.value for one in queue.first] == ["red", "amber", "neutral", "neutral"]
    assert "已逾期" in str(queue.first[0].note)
    assert "还剩" in str(queue.first[2].note)


def test_a_queue_with_something_overdue_comes_before_all_others():
    make_claim()
    due_in(-9, state=ClaimState.CHECKED)
    keys = [queue.key for queue in queues_for(make_reviewer())]
    assert keys[:2] == ["claims_second", "claims_first"]


def test_a_card_names_the_first_few_and_counts_up_to_its_cap(monkeypatch):
    monkeypatch.setattr(queues, "CAP", 6)
    for _n in range(8):
        make_claim()
    queue = card(make_reviewer(), "claims_first")
    assert len(queue.first) == FIRST
    assert (queue.count, queue.shown) == (6, "5+")


def test_a_clerk_sees_what_she_entered_until_it_is_decided(client):
    clerk = make_clerk()
    mine = [
        make_claim(state, entered_by=clerk)
        for state in (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.APPROVED)
    ]
    for state in (ClaimState.SETTLED, ClaimState.REJECTED):
        make_claim(state, entered_by=clerk)
    make_claim()
    queue = card(clerk, "claims_mine")
    assert queue.count == 3
    client.force_login(clerk)
    listed = client.get(queue.url, follow=True).context["cl"].result_list
    assert {claim.pk for claim in listed} == {claim.pk for claim in mine}


def test_an_order_without_an_account_is_a_clerks_work_until_it_is_given(client):
    clerk = make_user(
        ["enrollment.correct_account", "claims.view_paymentorder", "enrollment.view_person"]
    )
    with_account, without = approved_claim(), approved_claim()
    with_account.person.account_no = "6217990000001234567"
    with_account.person.save()
    without.person.account_no = ""
    without.person.save()
    settle()
    queue = card(clerk, "accounts_missing")
    assert queue.count == 1
    client.force_login(clerk)
    (order,) = client.get(queue.url, follow=True).context["cl"].result_list
    assert order.person == without.person
    form = {"account_no": "6217990000007654321", "account_name": without.person.name}
    page = client.post(reverse("admin:claims_paymentorder_account", args=[order.pk]), form)
    said = client.get(page.url, follow=True).content.decode()
    assert "该拨付单进入下一批次" in said
    assert card(clerk, "accounts_missing").count == 0


def test_who_may_not_see_payments_has_no_card_that_leads_to_them():
    approved_claim()
    settle()
    PaymentOrder.objects.update(state="failed")
    without = make_user(["enrollment.correct_account"])
    assert "accounts_to_correct" not in {queue.key for queue in queues_for(without)}
    both = make_user(["enrollment.correct_account", "claims.view_paymentorder"])
    assert card(both, "accounts_to_correct").count == 1


def test_each_card_keeps_to_its_statements_however_much_waits():
    user = make_user(
        [
            "claims.enter_claim",
            "claims.review_first",
            "claims.review_second",
            "claims.release_claim",
            "claims.run_settlement",
            "claims.make_batch",
            "claims.pay_again",
            "claims.view_paymentorder",
            "claims.view_paymentbatch",
        ]
    )

    def statements():
        with CaptureQueriesContext(connection) as captured:
            found = queues_for(user)
        return len(captured), len(found)

    def add():
        for n in range(12):
            due_in(n, state=[ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.HELD][n % 3])
            approved_claim()
        settle()

    queues_for(user)  # permissions are read once
    add()
    first, cards = statements()
    add()
    assert statements() == (first, cards)
    assert first <= cards * STATEMENTS


def test_what_the_funds_paid_is_what_the_postings_behind_it_say(client):
    for _n in range(3):
        approved_claim()
    settle(DAY)
    year = Posting.objects.values_list("entry__on__year", flat=True).first()
    paid = paid_by_month(year)
    expense = Posting.objects.filter(account="benefit_expense")
    whole = sum(row.debit - row.credit for row in expense)
    assert sum(amount for month in paid.values() for amount in month.values()) == whole > 0


def test_each_figure_of_the_funds_opens_its_postings(client, in_2026):
    for _n in range(3):
        approved_claim()
    settle(DAY)
    user = make_finance()
    client.force_login(user)
    table = board(user, "fund").table
    month, whole = table.rows
    assert whole.is_total
    for row in (month, whole):
        for figure in row.cells:
            if figure.url:
                listed = client.get(figure.url, follow=True).context["cl"].result_list
                assert sum(one.debit - one.credit for one in listed) == figure.value
    assert sum((figure.value for figure in month.cells[:-1]), Decimal()) == month.cells[-1].value


def test_claims_waiting_are_counted_by_state_and_term_and_open_as_lists(client):
    due_in(-9)
    due_in(1)
    due_in(60)
    make_claim(ClaimState.HELD)
    make_claim(ClaimState.SETTLED)
    user = make_finance()
    client.force_login(user)
    rows = board(user, "waiting").table.rows
    assert [[figure.value for figure in row.cells[:3]] for row in rows] == [[3, 1, 1], [1, 0, 0]]
    for row in rows:
        for figure in row.cells:
            if figure.url:
                listed = client.get(figure.url, follow=True)
                assert len(listed.context["cl"].result_list) == figure.value, figure.url


def test_payments_are_summed_by_state_and_open_as_lists(client):
    for _n in range(2):
        approved_claim()
    settle()
    failed = PaymentOrder.objects.first()
    PaymentOrder.objects.filter(pk=failed.pk).update(state="failed")
    user = make_finance()
    client.force_login(user)
    rows = board(user, "payments").table.rows
    assert [row.cells[0].value for row in rows] == [1, 1, 0]
    assert rows[0].cells[1].value == failed.amount
    for row in rows:
        assert urlsplit(row.cells[0].url).query.startswith("state__exact=")
        listed = client.get(row.cells[0].url, follow=True).context["cl"].result_list
        assert len(listed) == row.cells[0].value


def test_who_does_not_read_the_books_has_no_boards_of_the_fund():
    keys = {one.key for one in registered_for(make_reviewer())}
    assert not keys & {"fund", "waiting", "payments"}
