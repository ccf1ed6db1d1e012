"""Overpayments on the screen: the desk, the acts, the second person, the notice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Clearance, Overpayment, PaymentOrder, Repayment, RepaymentPlan
from claims.overpayments.services import agree_plan
from claims.tests.night import NOW, ledger_faults
from claims.tests.overpaid import officer, reversed_claim
from enrollment.tests.factories import make_bureau, make_user

LIST = reverse("admin:claims_overpayment_changelist")
AGREED = {"note": "本人同意分三期", "count": "3"}


def page_of(owed: Overpayment, act: str = "change") -> str:
    return reverse(f"admin:claims_overpayment_{act}", args=[owed.pk])


@pytest.fixture(params=["en", "zh-hans"])
def finance(client: Any, db: None, request: Any) -> Any:
    make_bureau()
    user = officer()
    client.cookies["django_language"] = request.param
    client.force_login(user)
    return user


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_from_the_desk_to_the_last_yuan(client: Any, finance: Any) -> None:
    person, owed = reversed_claim()
    desk = client.get(reverse("admin:index")).content.decode()
    assert str(owed) in desk
    assert str(owed) in client.get(f"{LIST}?standing=unplanned").content.decode()
    refused = client.post(page_of(owed, "plan"), {**AGREED, "first_due": in_days(-1)})
    assert (refused.status_code, RepaymentPlan.objects.count()) == (200, 0)
    assert AGREED["note"] in refused.content.decode()  # nothing typed is lost
    client.post(page_of(owed, "plan"), {**AGREED, "first_due": in_days(30)})
    text = client.get(page_of(owed)).content.decode()
    assert text.count("233.33") == 4
    assert text.count("233.34") == 2
    given = {"amount": "233.34", "on": in_days(0), "document": "HD-1"}
    client.post(page_of(owed, "repaid"), given)
    client.post(page_of(owed, "repaid"), given)
    assert [str(one.amount) for one in Repayment.objects.all()] == ["233.34"]
    story = client.get(reverse("admin:enrollment_person_change", args=[person.pk]))
    assert "466.66" in story.content.decode()
    client.post(page_of(owed, "set_off"), {
        "share": PaymentOrder.objects.get(state="pending").shares.get().pk, "amount": "466.66",
        "note": "抵扣", "document": "同意书",
    })  # fmt: skip
    clearance = Clearance.objects.get()
    act = reverse("admin:claims_clearance_approve", args=[clearance.pk])
    assert client.post(act).status_code == 200  # the same person: refused on the page
    client.force_login(officer())
    assert "1" in client.get(reverse("admin:index")).content.decode()
    client.post(act)
    assert client.get(f"{LIST}?standing=cleared").context["cl"].result_list[0] == owed
    assert str(clearance) in client.get(page_of(owed)).content.decode()
    order = PaymentOrder.objects.get(state="pending")
    for other in (
        reverse("admin:claims_clearance_change", args=[clearance.pk]),
        reverse("admin:claims_clearance_changelist"),
        reverse("admin:claims_paymentorder_change", args=[order.pk]),
    ):
        assert "466.66" in client.get(other).content.decode()
    for name in ("repaid", "plan", "set_off", "write_off"):
        assert "<form" not in _main(client.get(page_of(owed, name)).content.decode())
    assert ledger_faults() == []


def _main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_the_overdue_come_first(client: Any, finance: Any) -> None:
    late, calm = reversed_claim()[1], reversed_claim()[1]
    assert client.get(f"{LIST}?standing=overdue").context["cl"].result_count == 0
    agree_plan(calm, [(date(2099, 1, 1), calm.amount)], note="一次", actor=finance, at=NOW)
    agree_plan(late, [(NOW.date(), late.amount)], note="一次", actor=finance, at=NOW)
    (queue,) = [one for one in client.get("/").context["queues"] if one.key == "overpayments_open"]
    assert (queue.count, queue.overdue, queue.first[0].label) == (2, 1, str(late))
    (listed,) = client.get(f"{LIST}?standing=overdue").context["cl"].result_list
    assert listed == late


def test_the_notice_says_what_why_and_what_may_be_done(client: Any, finance: Any) -> None:
    _person, owed = reversed_claim()
    text = client.get(page_of(owed, "notice")).content.decode()
    assert "700.00" in text
    assert str(owed) in text
    assert str(owed.correction) in text
    again = client.get(page_of(owed, "notice")).content.decode()
    assert ("60" in text, "柒佰元整" in again) == (True, True)


def test_each_page_keeps_to_its_statements(client: Any, finance: Any) -> None:
    owed = reversed_claim()[1]
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    reversed_claim()
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as page:
        client.get(page_of(owed))
    assert len(page) <= 25


def test_who_may_not_changes_nothing(client: Any, db: None) -> None:
    owed = reversed_claim()[1]
    client.force_login(make_user(["claims.view_overpayment"]))
    assert client.get(page_of(owed)).status_code == 200
    for act in ("repaid", "plan", "set_off", "write_off"):
        answer = client.post(page_of(owed, act), {"amount": "1", "on": "2026-10-01"})
        assert answer.status_code == 403
    assert not (Repayment.objects.exists() or Clearance.objects.exists())
