"""Filings decide what a stay elsewhere gets: window, quote, uploads and the night."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.intake.quote import quote_claim
from claims.intake.services import submit_claim
from claims.outofarea import rules, sets
from claims.outofarea.selectors import Filings
from claims.tests.benefit_facts import DAY, codes, file, night_row
from claims.tests.factories import NOW, make_clerk, make_draft, make_resident
from claims.tests.night import approved_claim
from claims.tests.special import (
    check_filings,
    hospital,
)
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau(db):
    return make_bureau()


def stay(place, **fields):
    return make_draft(institution=place, **fields)


def far(**fields):
    return hospital("city", in_county=False, code="H43310100001", division=None, **fields)


FILINGS = [
    ("long-term", "long_term", {}, "none", "filed"),
    ("referral", "referral", {}, "none", "referred"),
    ("emergency", "emergency", {}, "unfiled", "referred"),
    ("nothing on record", None, {}, "none", "unfiled"),
    ("nothing on record, not filed", None, {}, "unfiled", "unfiled"),
    ("a paper of the window", None, {}, "referred", "referred"),
    ("filed, but not on record", None, {}, "filed", "unfiled"),
    ("a paper, and long-term residence", "long_term", {}, "referred", "filed"),
    ("begins the day after", "long_term", {"starts_on": date(2026, 9, 9)}, "none", "unfiled"),
    ("last day", "long_term", {"ends_on": date(2026, 9, 8)}, "none", "filed"),
    (
        "ended the day before", "long_term",
        {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 9, 7)}, "none", "unfiled",
    ),
    (
        "withdrawn from the day", "long_term",
        {"state": "withdrawn", "withdrawn_from": date(2026, 9, 8)}, "none", "unfiled",
    ),
    (
        "withdrawn from the day after", "long_term",
        {"state": "withdrawn", "withdrawn_from": date(2026, 9, 9)}, "none", "filed",
    ),
    ("another place", "long_term", {"area_code": "4301"}, "none", "unfiled"),
    ("the city with its zeros", "long_term", {"area_code": "433100"}, "none", "filed"),
    (
        "a place by name alone, of before", "emergency",
        {"area_code": "", "state": "withdrawn", "withdrawn_from": date(2026, 9, 9)},
        "none", "referred",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given", "entered", "fact"),
    [case[1:] for case in FILINGS],
    ids=[case[0] for case in FILINGS],
)
def test_python_and_the_night_come_to_the_same_filing(kind, given, entered, fact):
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    if kind is not None:
        file(person, kind, **given)
    day = date(2026, 9, 8)
    assert Filings([person.pk]).effective(person.pk, place, day, entered) == fact
    claim = approved_claim(
        person,
        place,
        kind="inpatient",
        admitted_on=date(2026, 9, 1),
        discharged_on=day,
        filing=entered,
    )
    assert night_row(claim).filing == fact


def test_python_and_the_night_place_a_hospital_alike():
    placed = [
        ("430000000000", "H43010000001", "4301"),
        ("430102000000", "H43010000001", "430102"),
        ("433127000000", "H43010000001", "433127"),
        ("430102001000", "H43010200001", "4301020010"),
        ("431000000000", "H43100000001", "4310"),
        (None, "H43000000001", "43"),
        (None, "X", ""),
        ("", "H4301", ""),
    ]
    assert [rules.area_of(division or "", code) for division, code, _area in placed] == [
        area for _division, _code, area in placed
    ]
    rows = ", ".join(["(%s, %s)"] * len(placed))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sets.area_of('i')} FROM (VALUES {rows}) AS i (division_id, code)",  # noqa: S608 - constant text
            [value for division, code, _area in placed for value in (division, code)],
        )
        assert [area for (area,) in cursor] == [area for _division, _code, area in placed]


def test_a_filing_for_one_hospital_and_the_better_of_two_at_night():
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    other = hospital("city", in_county=False, division=None)
    referral = file(person, "referral", institution=place, area_code="")
    claim = approved_claim(
        person, place, kind="inpatient",
        admitted_on=date(2026, 9, 1), discharged_on=date(2026, 9, 8),
    )  # fmt: skip
    assert night_row(claim).filing == "referred"
    elsewhere = approved_claim(
        person, other, kind="inpatient",
        admitted_on=date(2026, 9, 8), discharged_on=date(2026, 9, 12),
    )  # fmt: skip
    assert night_row(elsewhere).filing == "unfiled"
    file(person)
    assert night_row(claim).filing == "filed"
    assert referral.pk


@pytest.mark.parametrize(
    ("kind", "rate"), [("long_term", "0.60"), ("referral", "0.55"), (None, "0.50")]
)
def test_the_quote_pays_by_the_filing_on_record(kind, rate):
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    if kind is not None:
        file(person, kind)
    draft = stay(place, total=Decimal("11000.00"), excluded=Decimal(0), first_self_pay=Decimal(0))
    quoted = quote_claim(person.pk, draft)
    assert quoted.layers[0].paid == Decimal("10000.00") * Decimal(rate)


def test_the_window_takes_the_filing_from_the_record():
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    assert ("filing_missing", "stop") in codes(person, stay(place))
    file(person)
    assert ("filing_missing", "stop") not in codes(person, stay(place))
    assert ("filing_by_record", "notice") in codes(person, stay(place))
    claim = submit_claim(stay(place), person=person, actor=make_clerk(), at=NOW)
    type(claim).objects.filter(pk=claim.pk).update(state="approved", approved_on=DAY)
    assert night_row(claim).filing == "filed"


def test_filed_without_a_record_is_stopped_and_a_referral_paper_is_taken():
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    assert ("filing_not_on_record", "stop") in codes(person, stay(place, filing="filed"))
    assert ("referral_by_paper", "notice") in codes(person, stay(place, filing="referred"))
    claim = submit_claim(stay(place, filing="referred"), person=person, actor=make_clerk(), at=NOW)
    assert claim.filing == "referred"
    file(person)
    assert ("filing_by_record", "notice") in codes(person, stay(place, filing="unfiled"))


def test_before_the_first_day_of_checking_what_the_clerk_chooses_holds():
    check_filings("2026-09-09")
    person, place = make_resident(), far()
    assert ("filing_missing", "stop") in codes(person, stay(place))
    for filing in ("filed", "referred", "unfiled"):
        found = {code for code, _severity in codes(person, stay(place, filing=filing))}
        assert not found & {"filing_not_on_record", "referral_by_paper", "filing_by_record"}


def test_an_upload_without_a_filing_is_told_that_it_counts_as_not_filed():
    check_filings("2026-09-01")
    person, place = make_resident(), far()
    assert ("filing_unrecorded", "notice") in codes(person, stay(place), from_window=False)
    file(person, "referral")
    assert ("filing_by_record", "notice") in codes(person, stay(place), from_window=False)


def test_a_quote_of_a_stay_elsewhere_takes_a_bounded_number_of_statements(client):
    check_filings("2026-07-01")
    person, place = make_resident(), far()
    file(person)
    client.force_login(make_clerk())
    facts = {
        "person": person.pk,
        "institution": place.code,
        "kind": "inpatient",
        "admitted_on": "2026-09-01",
        "discharged_on": "2026-09-08",
        "diagnosis": "J18.900",
        "total": "11000.00",
        "invoice_no": "F1",
    }
    quote = reverse("admin:claims_window_quote")
    client.post(quote, facts)
    with CaptureQueriesContext(connection) as statements:
        shown = client.post(quote, facts).content.decode()
    assert "本次住院按已备案" in shown
    assert "6,000.00" in shown
    assert len(statements) <= 17  # one of them: whether the reading is written down
