"""Every sum of the supervision leads to rows that add up to it, for who may open them."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enrollment.models import Institution
from enrollment.tests.factories import make_bureau, make_institution, make_user
from supervision.cases.services import notify_case, open_case
from supervision.models import Case, Fine, Recovery
from supervision.penalties.receipts import record_fine_receipt, record_recovery_receipt
from supervision.penalties.services import decide_penalty, recover_by_agreement
from supervision.tests.helpers import AT, SEE, TODAY, make_finding, make_visit, supervisor

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a class="money" href="([^"]+)">([^<]+)</a>')
BARE = re.compile(r'<span class="money">([^<]+)</span>')


@pytest.fixture
def desk(client: Client) -> Client:
    make_bureau()
    client.force_login(supervisor())
    client.cookies["django_language"] = "en"
    return client


def penalised(institution: Institution) -> Case:
    """A case of two findings, 1,000.00 and 50.00: 900.00 to the fund, 1,100.00 as a fine."""
    visit = make_visit(institution=institution)
    findings = [make_finding(visit), make_finding(visit, loss=Decimal("50.00"))]
    case = open_case(findings, officers=(supervisor(), supervisor()), actor=supervisor(), at=AT)
    amounts: dict[str, Any] = {"recovery": Decimal("900.00"), "fine": Decimal("1100.00")}
    notify_case(case, facts="重复收费。", defence_until=TODAY, actor=supervisor(), at=AT, **amounts)
    decide_penalty(case, defence="无", heard_on=TODAY, actor=supervisor(), at=AT, **amounts)
    return case


@pytest.fixture
def institution() -> Institution:
    """Two penalised cases, an agreement's recovery of two findings, and part of the money in."""
    make_bureau()
    found = make_institution()
    case = penalised(found)
    penalised(found)
    penalised(make_institution())
    visit = make_visit(institution=found)
    recover_by_agreement(
        [make_finding(visit, loss=Decimal("30.00")), make_finding(visit, loss=Decimal("7.25"))],
        actor=supervisor(),
        at=AT,
        note="按协议追回",
    )
    for number, amount in enumerate(("300.00", "150.50")):
        came: dict[str, Any] = {
            "amount": Decimal(amount),
            "received_on": TODAY,
            "actor": supervisor(),
            "at": AT,
        }
        record_recovery_receipt(Recovery.objects.get(case=case), voucher=f"R{number}", **came)
        record_fine_receipt(Fine.objects.get(case=case), voucher=f"F{number}", **came)
    return found


def sums_behind(client: Client, address: str) -> set[Decimal]:
    """What the rows of the page add up to: of a list each column, of a record its receipts."""
    response = client.get(address.partition("#")[0])
    assert response.status_code == 200, address
    if "cl" in response.context:
        shown = response.context["cl"]
        rows = list(shown.result_list)
        assert rows, address
        return {
            sum((getattr(row, path) for row in rows), Decimal("0.00"))
            for path in shown.money_columns.values()
        }
    order = response.context.get("order")
    if order is None:
        return {response.context["original"].loss}
    received = sum((one.amount for one in response.context["receipts"]), Decimal("0.00"))
    return {order.amount, received, order.amount - received}


def follow(client: Client, html: str) -> list[str]:
    """Every amount that is a link, each proved against its rows."""
    links = LINK.findall(html)
    for address, text in links:
        url = address.replace("&amp;", "&")
        if url.startswith("#"):
            continue
        assert Decimal(text.replace(",", "")) in sums_behind(client, url), (text, url)
    return [text for _address, text in links]


def page_of(record: Any) -> str:
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])


def part(html: str, key: str) -> str:
    return html.partition(f'data-part="{key}"')[2].partition("</section>")[0]


def test_each_sum_on_an_institutions_page_leads_to_its_rows(
    desk: Client, institution: Institution
) -> None:
    html = desk.get(page_of(institution)).content.decode()
    expected = {
        "findings": {"1,000.00", "50.00", "30.00", "7.25"},
        "cases": {"1,050.00", "900.00", "1,100.00"},
        "recoveries": {"37.25", "900.00", "450.50", "449.50", "1,837.25", "1,386.75", "0.00"},
        "fines": {"1,100.00", "450.50", "649.50", "0.00", "2,200.00", "1,749.50"},
    }
    for key, amounts in expected.items():
        section = part(html, key)
        assert set(follow(desk, section)) == amounts, key
        assert BARE.findall(section) == [], key


def test_the_number_of_a_visits_findings_leads_to_them(
    desk: Client, institution: Institution
) -> None:
    visit = institution.visits.order_by("pk")[0]
    html = part(desk.get(page_of(institution)).content.decode(), "visits")
    listed = f"{reverse('admin:supervision_finding_changelist')}?visit__id__exact={visit.pk}"
    assert f'<a href="{listed}">2</a>' in html
    assert len(desk.get(listed).context["cl"].result_list) == 2


def test_each_sum_on_a_cases_page_leads_to_its_rows(desk: Client, institution: Institution) -> None:
    case = institution.cases.order_by("pk")[0]
    html = desk.get(page_of(case)).content.decode()
    assert {"1,050.00", "900.00", "450.50", "449.50", "1,100.00", "649.50"} <= set(
        follow(desk, html)
    )


def test_a_record_says_the_sum_of_its_rows(desk: Client, institution: Institution) -> None:
    row = Recovery.objects.get(basis="agreement")
    order = desk.get(page_of(row)).content.decode()
    assert follow(desk, order) == ["37.25", "0.00"]
    paid = desk.get(page_of(Recovery.objects.exclude(receipts=None)[0])).content.decode()
    assert '<td class="money">450.50</td></tr></tfoot>' in paid
    visit = desk.get(page_of(row.findings.all()[0].visit)).content.decode()
    assert '<td class="money">37.25</td>' in visit


@pytest.mark.parametrize("model", ["visit", "case", "recovery", "fine"])
def test_each_sum_in_a_list_leads_to_its_rows(
    desk: Client, institution: Institution, model: str
) -> None:
    html = desk.get(reverse(f"admin:supervision_{model}_changelist")).content.decode()
    rows = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert follow(desk, rows)
    assert BARE.findall(rows) == []


def test_who_may_not_open_the_rows_gets_no_link(client: Client, institution: Institution) -> None:
    client.cookies["django_language"] = "en"
    for model in ("finding", "recovery", "fine"):
        lacking = [name for name in SEE if name != f"supervision.view_{model}"]
        client.force_login(make_user(lacking))
        case = institution.cases.order_by("pk")[0]
        for address in (
            page_of(institution),
            page_of(case),
            reverse("admin:supervision_case_changelist"),
            reverse("admin:supervision_fine_changelist"),
        ):
            html = client.get(address).content.decode()
            assert not re.search(f'<a class="money" href="[^"]*/supervision/{model}/', html)


def test_nothing_decided_is_no_link(desk: Client) -> None:
    visit = make_visit()
    case = open_case(
        [make_finding(visit)], officers=(supervisor(), supervisor()), actor=supervisor(), at=AT
    )
    html = part(desk.get(page_of(visit.institution)).content.decode(), "cases")
    assert follow(desk, html) == ["1,000.00"]
    assert "—" in html
    assert follow(desk, desk.get(page_of(case)).content.decode())
