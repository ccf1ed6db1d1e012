"""The search box finds applications, certificates, filings and issued papers by their numbers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from claims.models import AreaFiling, Clearance
from claims.receipt.document import receipt_of
from claims.search.numbered import (
    applications,
    certificates,
    clearances,
    corrections,
    filings,
    overpayments,
)
from claims.tests.factories import NOW, make_claim, make_clerk, make_resident
from claims.tests.overpaid import reversed_claim
from claims.tests.special import filed, make_certificate
from enrollment.models import Division
from enrollment.printing.services import issue_paper
from enrollment.search.finders import FETCHED
from enrollment.search.issued import papers
from enrollment.tests.factories import OTHER_TOWNSHIP, TOWNSHIP, make_bureau, make_user

pytestmark = pytest.mark.django_db
SEE = [
    "claims.view_specialapplication",
    "claims.view_specialcertificate",
    "claims.view_areafiling",
]
FINDERS = (applications, certificates, filings)


@pytest.fixture
def reader(client):
    make_bureau()
    user = make_user(SEE)
    client.force_login(user)
    return user


def records(person=None):
    """One of each, in the order of FINDERS."""
    resident = person or make_resident()
    filing = AreaFiling.objects.create(
        person=resident,
        kind="long_term",
        starts_on=NOW.date(),
        place="湖南省长沙市",
        area_code="4301",
        filed_by=make_clerk(),
        filed_at=NOW,
    )
    return [
        filed(make_resident(division=resident.division)),
        make_certificate(resident),
        filing,
    ]


def page_of(record):
    label = record._meta
    return reverse(f"admin:{label.app_label}_{label.model_name}_change", args=[record.pk])


def goes_to(client, term):
    return client.post("/search/", {"q": term}).headers["Location"]


def test_each_number_goes_straight_to_its_record(client, reader):
    for record in records():
        for term in (record.number, record.number.lower(), f" {record.number}\t"):
            assert goes_to(client, term) == page_of(record), term


def test_another_year_more_digits_or_a_part_are_another_number(reader):
    application, certificate, filing = records()
    for term in (
        f"TM0{application.pk:07d}",
        f"TM{application.pk}",
        f"MT2025{certificate.pk:06d}",
        f"YD1999{filing.pk:06d}",
        f"{application.number} 1",
        "TM" + "9" * 19,
        "MT²⁰²⁶000001",
    ):
        assert not [hit for find in FINDERS for hit in find(term, reader)], term


@pytest.mark.parametrize("nth", range(3))
def test_who_may_not_see_a_kind_does_not_find_it(client, reader, nth):
    record = records()[nth]
    client.force_login(make_user([name for name in SEE if name != SEE[nth]]))
    assert goes_to(client, record.number) != page_of(record)


def test_another_townships_are_not_found(client, reader):
    ours = records(make_resident(division=Division.objects.get(code=TOWNSHIP)))
    theirs = records(make_resident(division=Division.objects.get(code=OTHER_TOWNSHIP)))
    client.force_login(make_user(SEE, divisions=[TOWNSHIP]))
    for mine, other in zip(ours, theirs, strict=True):
        assert goes_to(client, mine.number) == page_of(mine)
        assert goes_to(client, other.number) != page_of(other)


def issued(claim):
    with translation.override("zh-hans"):
        return issue_paper(receipt_of(claim), actor=None, at=NOW)


@pytest.fixture
def paper(reader, client):
    client.force_login(make_user(["enrollment.view_issuedpaper", "claims.view_claim"]))
    return issued(make_claim())


def test_a_paper_is_found_by_its_check_code_or_the_scanned_line(client, paper):
    for term in (
        paper.code,
        paper.grouped_code.lower(),
        f"{paper.number} {paper.grouped_code}",
    ):
        assert goes_to(client, term) == page_of(paper), term


def test_a_number_opens_its_record_rather_than_the_papers_about_it(client, paper):
    claim_page = reverse("admin:claims_claim_change", args=[make_claim().pk])
    assert goes_to(client, paper.number).startswith("/claims/claim/")
    assert goes_to(client, paper.number) != claim_page
    client.force_login(make_user(["enrollment.view_issuedpaper"]))
    assert goes_to(client, paper.number) == page_of(paper)


def test_papers_are_found_by_those_who_may_read_the_register_for_the_whole_county(client, paper):
    client.force_login(make_user(["claims.view_specialcertificate"]))
    assert goes_to(client, paper.code) != page_of(paper)
    client.force_login(make_user(["enrollment.view_issuedpaper"], divisions=[TOWNSHIP]))
    assert goes_to(client, paper.code) != page_of(paper)


def test_each_finder_makes_one_statement_by_indexes(reader):
    found = records()
    terms = [(find, one.number) for find, one in zip(FINDERS, found, strict=True)]
    register = make_user(["enrollment.view_issuedpaper"])
    for find, term in [*terms, (papers, "20261124000001"), (papers, "5661-5R3M-5X2K")]:
        with CaptureQueriesContext(connection) as captured:
            find(term, register if find is papers else reader)
        (query,) = captured
        assert f"LIMIT {FETCHED}" in query["sql"]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            cursor.execute("SET LOCAL enable_seqscan = on")
        assert "Seq Scan" not in plan, plan


def test_what_is_no_such_number_costs_no_statement(reader):
    for find in FINDERS:
        with CaptureQueriesContext(connection) as captured:
            assert find("20261124000001", reader) == []
        assert len(captured) == 0


def test_a_correction_and_what_it_leaves_are_found_by_number(client, reader):
    """In the box and in their own lists; another's number finds nothing."""
    _person, owed = reversed_claim()
    waits = Clearance.objects.create(
        overpayment=owed, kind="write_off", amount="1.00", note="身故", document="文",
        proposed_by=make_user([]), proposed_at=NOW,
    )  # fmt: skip
    reader = make_user(
        [f"claims.view_{name}" for name in ("correction", "overpayment", "clearance")]
    )
    client.force_login(reader)
    found = ((corrections, owed.correction), (overpayments, owed), (clearances, waits))
    for find, record in found:
        with CaptureQueriesContext(connection) as captured:
            (hit,) = find(str(record).lower(), reader)
        assert len(captured) == 1
        assert (hit.label, hit.url) == (str(record), page_of(record))
        assert find(f"{record}9", reader) == []
        opts = record._meta
        listed = client.get(
            reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"), {"q": str(record)}
        )
        assert list(listed.context["cl"].result_list) == [record]
