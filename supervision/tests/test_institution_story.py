"""Visits, findings, cases and the two ledgers on an institution's page."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from enrollment.models import Institution
from enrollment.stories.sections import sections_of
from enrollment.tests.factories import make_bureau, make_institution, make_user
from supervision.models import Fine, Recovery
from supervision.penalties.receipts import record_recovery_receipt
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import AT, SEE, TODAY, make_notified, make_visit, supervisor

pytestmark = pytest.mark.django_db
PARTS = {
    "visits": "supervision.view_visit",
    "findings": "supervision.view_finding",
    "cases": "supervision.view_case",
    "recoveries": "supervision.view_recovery",
    "fines": "supervision.view_fine",
}


@pytest.fixture
def reader(client):
    make_bureau()
    user = make_user(SEE)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def section_of(key):
    (section,) = [one for one in sections_of(Institution) if one.key == key]
    return section


def page_of(institution):
    return reverse("admin:enrollment_institution_change", args=[institution.pk])


def convicted(institution=None):
    """An institution with a decided case: 1,000.00 to the fund, 2,000.00 to the treasury."""
    case = make_notified(institution=institution or make_institution())
    decide_penalty(
        case,
        recovery=Decimal("1000.00"),
        fine=Decimal("2000.00"),
        defence="未提出陈述、申辩意见",
        heard_on=TODAY,
        actor=supervisor(),
        at=AT,
    )
    return case


def returns_300(case):
    """The institution pays 300.00 of what it owes the fund."""
    record_recovery_receipt(
        Recovery.objects.get(case=case),
        amount=Decimal("300.00"),
        received_on=TODAY,
        voucher="V1",
        actor=supervisor(),
        at=AT,
    )


def test_the_page_tells_the_whole_story_and_links_to_each_record(client, reader):
    case = convicted()
    institution = case.institution
    html = client.get(page_of(institution)).content.decode()
    finding = case.findings.get()
    for name, record in (
        ("visit", finding.visit),
        ("finding", finding),
        ("case", case),
        ("recovery", case.recovery),
        ("fine", case.fine),
    ):
        assert reverse(f"admin:supervision_{name}_change", args=[record.pk]) in html
    other = client.get(page_of(make_institution())).content.decode()
    assert case.number not in other


def test_the_two_ledgers_are_summed_apart_and_never_together(client, reader):
    case = convicted()
    convicted()
    returns_300(case)
    sums = {
        key: section_of(key).load(case.institution, reader).facts["sums"]
        for key in ("recoveries", "fines")
    }
    recovery, fine = sums["recoveries"], sums["fines"]
    assert (recovery.amount, recovery.received, recovery.open) == (
        Decimal("1000.00"),
        Decimal("300.00"),
        Decimal("700.00"),
    )
    assert (fine.amount, fine.received, fine.open) == (
        Decimal("2000.00"),
        Decimal("0.00"),
        Decimal("2000.00"),
    )
    html = client.get(page_of(case.institution)).content.decode()
    assert "3,000.00" not in html
    assert "2,700.00" not in html


@pytest.mark.parametrize("key", PARTS)
def test_each_section_keeps_to_its_statements_however_much_there_is(reader, key):
    institution = make_institution()
    for _n in range(6):
        convicted(institution)
    section = section_of(key)
    assert reader.has_perm(section.permission)  # read once for the whole page
    with CaptureQueriesContext(connection) as captured:
        told = section.load(institution, reader)
    assert told.count == 6
    assert len(captured) <= section.statements


@pytest.mark.parametrize(("part", "permission"), PARTS.items())
def test_a_section_is_told_only_to_who_may_see_what_is_in_it(client, reader, part, permission):
    institution = convicted().institution
    assert f'data-part="{part}"' in client.get(page_of(institution)).content.decode()
    client.force_login(make_user([name for name in SEE if name != permission]))
    html = client.get(page_of(institution)).content.decode()
    assert f'data-part="{part}"' not in html
    other = next(one for one in PARTS if one != part)
    assert f'data-part="{other}"' in html


def test_who_sees_no_fine_reads_none_in_the_timeline(client, reader):
    """What a section's events say comes with the section alone."""
    institution = make_visit().institution
    client.force_login(make_user(["enrollment.view_institution"]))
    story = client.get(page_of(institution)).context["story"]
    assert [str(event.what) for event in story.events] == ["Agreement from this day"]


def test_the_timeline_says_when_money_was_ordered_and_when_it_came(reader):
    case = convicted()
    returns_300(case)
    with translation.override("en"):
        told = {
            key: [
                (str(event.what), str(event.detail), event.url)
                for event in section_of(key).load(case.institution, reader).events
            ]
            for key in ("recoveries", "fines")
        }
    page = reverse("admin:supervision_recovery_change", args=[case.recovery.pk])
    assert told["recoveries"] == [
        ("Recovery ordered", f"{case.recovery.number} · 1,000.00", page),
        ("Returned to the fund", f"{case.recovery.number} · 300.00", f"{page}#receipts"),
    ]
    fine = reverse("admin:supervision_fine_change", args=[case.fine.pk])
    assert told["fines"] == [("Fine imposed", f"{case.fine.number} · 2,000.00", fine)]


@pytest.mark.parametrize("ledger", ["recovery", "fine"])
def test_an_order_leads_to_the_decision_that_wrote_it(client, reader, ledger):
    case = convicted()
    page = reverse(f"admin:supervision_{ledger}_change", args=[getattr(case, ledger).pk])
    decision = reverse("admin:supervision_case_decision", args=[case.pk, "page"])
    assert f'href="{decision}"' in client.get(page).content.decode()
    client.force_login(make_user([name for name in SEE if name != "supervision.view_case"]))
    assert f'href="{decision}"' not in client.get(page).content.decode()


def test_the_fines_of_another_are_not_among_them(reader):
    case = convicted()
    convicted()
    lines = section_of("fines").load(case.institution, reader).facts["lines"]
    assert [line.row for line in lines] == [Fine.objects.get(case=case)]
