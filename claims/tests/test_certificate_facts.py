"""Certificates decide what a visit gets: window, quote, uploads and the night."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from claims.certificates.selectors import Qualifications
from claims.intake.services import ClaimStopped, submit_claim
from claims.models import ClaimState
from claims.tests.benefit_facts import DAY, codes, file, night_row
from claims.tests.factories import NOW, make_clerk, make_draft, make_resident
from claims.tests.night import approved_claim, settle
from claims.tests.special import (
    CANCER,
    HYPERTENSION,
    check_certificates,
    disease,
    hospital,
    make_certificate,
)
from claims.uploads.columns import COLUMNS
from claims.uploads.services import import_claims
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau(db):
    return make_bureau()


def visit(**fields):
    """A special-outpatient visit of 2026-09-10 for hypertension."""
    fields.setdefault("diagnosis", "I10.x00 高血压病")
    fields.setdefault("discharged_on", DAY)
    return make_draft(kind="special_outpatient", admitted_on=None, **fields)


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
]  # fmt: skip


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
