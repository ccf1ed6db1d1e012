"""Certificates and filings decide what a claim gets: window, quote, uploads and the night."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.certificates.selectors import Qualifications
from claims.chunks.facts import Slice, load_claims
from claims.intake.quote import quote_claim
from claims.intake.selectors import Candidate, findings_for
from claims.intake.services import ClaimStopped, submit_claim
from claims.models import AreaFiling, ClaimState
from claims.outofarea import rules, sets
from claims.outofarea.selectors import Filings
from claims.tests.factories import NOW, make_clerk, make_draft, make_resident
from claims.tests.night import approved_claim, settle
from claims.tests.special import (
    CANCER,
    HYPERTENSION,
    check_certificates,
    check_filings,
    disease,
    hospital,
    make_certificate,
)
from claims.uploads.columns import COLUMNS
from claims.uploads.services import import_claims
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 10)


@pytest.fixture(autouse=True)
def bureau(db):
    return make_bureau()


def visit(**fields):
    """A special-outpatient visit of 2026-09-10 for hypertension."""
    fields.setdefault("diagnosis", "I10.x00 高血压病")
    fields.setdefault("discharged_on", DAY)
    return make_draft(kind="special_outpatient", admitted_on=None, **fields)


def stay(place, **fields):
    return make_draft(institution=place, **fields)


def far(**fields):
    return hospital("city", in_county=False, code="H43310100001", division=None, **fields)


def file(person, kind="long_term", **fields):
    facts = {
        "starts_on": date(2026, 9, 8),
        "place": "湘西州",
        "area_code": "4331",
        "filed_by": make_clerk(),
        "filed_at": NOW,
    }
    if kind == "referral":
        facts |= {"referred_by": hospital(), "letter_no": "7", "letter_on": date(2026, 9, 1)}
    return AreaFiling.objects.create(person=person, kind=kind, **{**facts, **fields})


def codes(person, draft, *, from_window=True):
    candidate = Candidate(person.pk, draft, from_window=from_window)
    (findings,) = findings_for([candidate], today=date(2026, 11, 24))
    return {(one.code, one.severity.value) for one in findings}


def night_row(claim):
    """What the night knows of an approved claim."""
    everybody = Slice(0, 2**62, claim.pk)
    (row,) = load_claims(date(2030, 1, 1), everybody)
    return row


# A certificate of hypertension for the year unless the case says otherwise.
CERTIFICATES = [
    ("first day", {"starts_on": DAY}, {}, "I10.x00", True),
    ("begins the day after", {"starts_on": date(2026, 9, 11)}, {}, "I10.x00", False),
    ("last day", {"ends_on": DAY}, {}, "I10.x00", True),
    ("ended the day before", {"ends_on": date(2026, 9, 9)}, {}, "I10.x00", False),
    ("without an end", {"ends_on": None}, {}, "I10.x00", True),
    ("revoked from the day after", {}, {"revoked_from": date(2026, 9, 11)}, "I10.x00", True),
    ("revoked from the day", {}, {"revoked_from": DAY}, "I10.x00", False),
    ("small letters", {}, {}, " i10.x00", True),
    ("by its own code", {}, {}, "M03900", True),
    ("by its name", {}, {}, "原发性高血压", True),
    ("of another disease", {}, {}, "C80.x00 恶性肿瘤", False),
    ("no diagnosis", {}, {}, "", False),
    ("no certificate", None, {}, "I10.x00", False),
]


@pytest.mark.parametrize(
    ("given", "revoked", "diagnosis", "certified"),
    [case[1:] for case in CERTIFICATES],
    ids=[case[0] for case in CERTIFICATES],
)
def test_python_and_the_night_find_the_same_certificate(given, revoked, diagnosis, certified):
    check_certificates("2026-09-01")
    person = make_resident()
    if given is not None:
        certificate = make_certificate(person, **given)
        if revoked:
            type(certificate).objects.filter(pk=certificate.pk).update(state="revoked", **revoked)
    found = Qualifications([person.pk]).of(person.pk, diagnosis, DAY)
    assert found.is_missing == (not certified)
    claim = approved_claim(person, diagnosis=diagnosis, discharged_on=DAY)
    assert night_row(claim).certified == certified


@pytest.mark.parametrize(("since", "asked"), [("2026-09-10", True), ("2026-09-11", False)])
def test_certificates_are_asked_for_from_the_first_day_of_checking(since, asked):
    check_certificates(since)
    person = make_resident()
    stopped = ("certificate_missing", "stop") in codes(person, visit())
    assert stopped == asked
    assert night_row(approved_claim(person, diagnosis="I10")).certified == (not asked)


def test_other_kinds_need_no_certificate():
    check_certificates("2026-01-01")
    person = make_resident()
    assert not {code for code, _severity in codes(person, make_draft())} & {"certificate_missing"}
    row = night_row(approved_claim(person, kind="general_outpatient"))
    assert row.certified


def test_the_window_stops_a_claim_without_a_certificate_and_says_what_is_held():
    check_certificates("2026-01-01")
    person = make_resident()
    make_certificate(person, disease=disease(CANCER))
    with pytest.raises(ClaimStopped, match="恶性肿瘤门诊治疗") as stopped:
        submit_claim(visit(), person=person, actor=make_clerk(), at=NOW)
    assert [stop.field for stop in stopped.value.stops] == ["diagnosis"]
    assert not person.claims.exists()
    make_certificate(person, disease=disease(HYPERTENSION))
    assert submit_claim(visit(), person=person, actor=make_clerk(), at=NOW).pk


def test_the_night_holds_what_lost_its_certificate_and_settles_it_when_it_has_one():
    check_certificates("2026-01-01")
    person = make_resident()
    claim = approved_claim(person, diagnosis="I10.x00")
    settle()
    claim.refresh_from_db()
    assert claim.state == ClaimState.HELD
    assert claim.held_reason == "no_certificate"
    make_certificate(person)
    claim.state = ClaimState.APPROVED
    claim.save()
    settle()
    claim.refresh_from_db()
    assert claim.state == ClaimState.SETTLED
    assert claim.settled.paid == Decimal("700.00")


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
    ("any place", "emergency", {"area_code": ""}, "none", "referred"),
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


def upload(tmp_path, person, place, **fields):
    """One row of a hospital's file: how many were created, and the lines of the rejects."""
    values = {
        "visit_no": "V1",
        "institution": place.code,
        "id_number": person.id_number,
        "kind": "门诊慢特病",
        "discharged_on": "2026-09-10",
        "diagnosis": "I10.x00",
        "total": "620.00",
        **fields,
    }
    path, rejects = tmp_path / "claims.csv", tmp_path / "rejects.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.title for column in COLUMNS if column.key in values])
        writer.writerow([values[column.key] for column in COLUMNS if column.key in values])
    result = import_claims(path, at=NOW, rejects_to=rejects)
    return result.created, rejects.read_text(encoding="utf-8-sig").splitlines()[1:]


@pytest.mark.parametrize(
    ("day", "diagnosis", "is_taken"),
    [
        ("2026-08-31", "I10.x00", False),
        ("2026-09-01", "I10.x00", True),
        ("2026-09-30", "i10", True),
        ("2026-10-01", "I10.x00", False),
        ("2026-09-10", "C80.x00", False),
        ("2026-09-10", "", False),
    ],
)
def test_an_upload_without_a_certificate_is_rejected(tmp_path, day, diagnosis, is_taken):
    check_certificates("2026-07-01")
    person, place = make_resident(), hospital()
    make_certificate(person, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))
    created, rejects = upload(tmp_path, person, place, discharged_on=day, diagnosis=diagnosis)
    assert created == int(is_taken)
    assert [("诊断编码" in line, "资格证" in line) for line in rejects] == [(True, True)] * (
        not is_taken
    )


def test_before_checking_uploads_are_taken_without_a_certificate(tmp_path):
    check_certificates("2026-09-11")
    assert upload(tmp_path, make_resident(), hospital())[0] == 1


def test_the_window_shows_what_is_held_and_what_is_missing(client):
    check_certificates("2026-07-01")
    person, place = make_resident(), hospital()
    make_certificate(person, disease=disease(CANCER))
    file(person)
    client.force_login(make_clerk())
    window, quote = reverse("admin:claims_window"), reverse("admin:claims_window_quote")
    card = client.get(f"{window}?person={person.pk}").content.decode()
    assert "恶性肿瘤门诊治疗" in card
    assert "异地长期居住" in card
    facts = {
        "person": person.pk,
        "institution": place.code,
        "kind": "special_outpatient",
        "discharged_on": "2026-09-10",
        "diagnosis": "I10.x00",
        "total": "620.00",
        "invoice_no": "F1",
    }
    shown = client.post(quote, facts).content.decode()
    assert "没有该病种的有效资格证（当日持有：恶性肿瘤门诊治疗）" in shown
    make_certificate(person)
    shown = client.post(quote, facts).content.decode()
    assert "资格证" not in shown
    assert "434.00" in shown  # 620 × 70 %


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
    assert len(statements) <= 16
