"""The supervisor's screens: visit to case to fine to receipt, in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from enrollment.tests.factories import make_institution
from supervision.models import Case, Finding, Fine, Recovery, Visit
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import make_case, make_finding, make_notified, make_visit, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(supervisor())
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:supervision_{name}", args=args)


def row(number: int, **fields: str) -> dict[str, str]:
    values = {
        "article_code": "38-3",
        "description": "重复收费",
        "act_from": "2026-01-01",
        "act_to": "2026-03-31",
        "loss": "1,000.00",
        **fields,
    }
    return {f"findings-{number}-{name}": value for name, value in values.items()}


def visit_data(*rows: dict[str, str], **fields: str) -> dict[str, str]:
    data = {
        "institution": make_institution().code,
        "visited_on": "2026-06-01",
        "source": "daily",
        "inspector": str(supervisor().pk),
        "second_inspector": str(supervisor().pk),
        "charts_sampled": "20",
        "findings-TOTAL_FORMS": str(len(rows)),
        "findings-INITIAL_FORMS": "0",
    }
    for line in rows:
        data |= line
    return data | fields


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_visit_is_recorded_with_its_findings(desk: Client) -> None:
    data = visit_data(row(0), row(1, article_code="38-6", loss="78.28"))
    response = desk.post(url("visit_record"), data)
    visit = Visit.objects.get()
    assert response.headers["Location"] == url("visit_change", visit.pk)
    assert [finding.loss for finding in visit.findings.order_by("pk")] == [
        Decimal("1000.00"),
        Decimal("78.28"),
    ]
    assert visit.state == "done"


def test_nothing_typed_is_lost_when_a_finding_must_be_split(desk: Client) -> None:
    data = visit_data(row(0, act_from="2021-01-01", act_to="2021-10-31", loss="684.00"))
    page = text(desk.post(url("visit_record"), data))
    assert "2021-04-30" in page
    assert 'value="684.00"' in page
    assert "重复收费" in page
    assert not Visit.objects.exists()


def test_another_row_is_added_without_saving(desk: Client) -> None:
    page = text(desk.post(url("visit_record"), visit_data(row(0), more="1")))
    assert "findings-1-description" in page
    assert "重复收费" in page
    assert not Visit.objects.exists()


def test_one_inspector_twice_is_an_error_at_the_field(desk: Client) -> None:
    one = str(supervisor().pk)
    response = desk.post(url("visit_record"), visit_data(inspector=one, second_inspector=one))
    assert list(response.context["form"].errors) == ["second_inspector"]
    assert not Visit.objects.exists()


def test_open_findings_are_corrected_on_their_visit(desk: Client) -> None:
    finding = make_finding()
    page = text(desk.get(url("visit_record_findings", finding.visit_id)))
    assert finding.description in page
    data = {
        "findings-TOTAL_FORMS": "1",
        "findings-INITIAL_FORMS": "1",
        **row(0, loss="990.00", finding_id=str(finding.pk)),
    }
    desk.post(url("visit_record_findings", finding.visit_id), data)
    assert [found.loss for found in Finding.objects.all()] == [Decimal("990.00")]


def test_of_two_inspectors_on_one_finding_the_second_sees_both_versions(desk: Client) -> None:
    finding = make_finding()
    page = url("visit_record_findings", finding.visit_id)
    seen = desk.get(page).context["rows"][0].seen_input
    token = re.search(r'value="([^"]+)"', seen)
    assert token is not None
    Finding.objects.filter(pk=finding.pk).update(loss="1200.00")
    data = {
        "findings-TOTAL_FORMS": "1",
        "findings-INITIAL_FORMS": "1",
        "findings-0-seen": token.group(1),
        **row(0, loss="990.00", finding_id=str(finding.pk)),
    }
    answer = text(desk.post(page, data))
    assert "1200" in answer
    assert "双方都改过" in answer
    assert Finding.objects.get().loss == Decimal("1200.00")


def test_a_planned_visit_is_completed_on_the_same_page(desk: Client) -> None:
    visit = make_visit(planned=True, visited_on=date(2026, 11, 20))
    page = url("visit_record_findings", visit.pk)
    data = {
        "visited_on": "2026-11-20",
        "charts_sampled": "22",
        "findings-TOTAL_FORMS": "1",
        "findings-INITIAL_FORMS": "0",
        **row(0),
    }
    desk.post(page, data)
    visit.refresh_from_db()
    assert (visit.state, visit.charts_sampled, visit.findings.count()) == ("done", 22, 1)


def test_a_case_is_opened_from_a_finding(desk: Client) -> None:
    finding = make_finding()
    page = text(desk.get(url("finding_open_case", finding.pk)))
    assert "1,000.00" in page
    assert "2,000.00" in page
    assert "处造成损失金额1倍以上2倍以下的罚款" in page
    visit = finding.visit
    response = desk.post(
        url("finding_open_case", finding.pk),
        {"officer": visit.inspector_id, "second_officer": visit.second_inspector_id},
    )
    case = Case.objects.get()
    assert response.headers["Location"] == url("case_change", case.pk)
    assert list(case.findings.all()) == [finding]


def test_an_act_before_the_regulation_shows_why_no_case_can_be_opened(desk: Client) -> None:
    finding = make_finding(act_from=date(2021, 1, 1), act_to=date(2021, 4, 30))
    page = text(desk.get(url("finding_open_case", finding.pk)))
    assert "2021-05-01" in page
    assert "<textarea" not in page
    response = desk.post(url("finding_recover", finding.pk), {"reason": "按协议追回"})
    assert response.status_code == 302
    assert Recovery.objects.get().basis == "agreement"


def test_a_fine_above_the_multiple_is_an_error_at_the_field_with_the_article(
    desk: Client,
) -> None:
    case = make_notified()
    data = {
        "defence": "无",
        "heard_on": f"{timezone.localdate()}",
        "recovery": "1000.00",
        "fine": "2000.01",
    }
    response = desk.post(url("case_decide", case.pk), data)
    errors = response.context["form"].errors
    assert list(errors) == ["fine"]
    assert "处造成损失金额1倍以上2倍以下的罚款" in str(errors)
    assert "2,000.00" in str(errors)
    assert not Fine.objects.exists()
    assert not Recovery.objects.exists()
    desk.post(url("case_decide", case.pk), {**data, "fine": "2000.00"})
    assert Fine.objects.get().amount == Decimal("2000.00")
    assert Case.objects.get().state == "decided"


@pytest.mark.parametrize(
    ("fine", "tag"),
    [("999.99", "red"), ("1000", "green"), ("2,000.00", "green"), ("2000.01", "red"), ("x", "")],
)
def test_the_law_answers_while_a_fine_is_typed(desk: Client, fine: str, tag: str) -> None:
    case = make_notified()
    page = text(desk.get(url("case_fine_check", case.pk), {"fine": fine}))
    assert ("tag-red" in page, "tag-green" in page) == (tag == "red", tag == "green")
    assert "1,000.00" in page


def test_both_ledgers_stand_side_by_side_and_receipts_go_to_their_own(desk: Client) -> None:
    case = make_notified()
    decide_penalty(
        case,
        recovery=Decimal("1000.00"),
        fine=Decimal("1500.00"),
        defence="无",
        heard_on=timezone.localdate(),
        actor=supervisor(),
        at=timezone.now(),
    )
    receive = url("recovery_receive", case.recovery.pk)
    form = {"received_on": f"{timezone.localdate()}", "voucher": "P1"}
    refused = desk.post(receive, {**form, "amount": "1000.01"})
    assert list(refused.context["form"].errors) == ["amount"]
    desk.post(receive, {**form, "amount": "600.00"})
    page = text(desk.get(url("case_change", case.pk)))
    for amount in ("1,000.00", "600.00", "400.00", "1,500.00"):
        assert amount in page
    assert "2,500.00" not in page  # never summed
    desk.post(url("fine_receive", case.fine.pk), {**form, "amount": "1500.00"})
    assert case.fine.receipts.get().amount == Decimal("1500.00")
    assert case.recovery.receipts.get().amount == Decimal("600.00")


def test_buttons_say_what_must_come_first(desk: Client) -> None:
    case = make_case()
    response = desk.get(url("case_change", case.pk))
    actions = {action.url: action for action in response.context["object_actions"]}
    assert actions[url("case_notify", case.pk)].enabled
    decide = actions[url("case_decide", case.pk)]
    assert not decide.enabled
    assert decide.reason


def test_an_officer_sees_why_another_decides() -> None:
    case = make_notified()
    client = Client()
    client.force_login(case.officer)
    page = client.get(url("case_decide", case.pk))
    assert page.context["refusal"]
    client.post(url("case_decide", case.pk), {"recovery": "1000", "fine": "1000", "defence": "x"})
    assert Case.objects.get().state == "notified"
