"""Verification of papers from hospitals without agreement: by whom, from what amount, and after."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from claims.intake.services import correct_claim, submit_claim
from claims.models import Claim, ClaimState, Verification
from claims.review.services import ApprovalRefused, approve, approve_many, return_claim
from claims.tests.factories import (
    NOW,
    make_claim,
    make_clerk,
    make_draft,
    make_resident,
    make_reviewer,
)
from claims.verification.rules import Answer, standing
from claims.verification.services import AlreadyRecorded, Enquiry, record_verification
from enrollment.models import LegalParameter
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.transitions.table import (
    NotPermitted,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

PAST = (date(2020, 1, 1), date(2025, 12, 31))


def make_verifier():
    return make_user(["claims.verify_claim", "claims.view_claim"])


def enquiry(**fields):
    given = {
        "method": "phone",
        "counterpart": "病案室 王主任",
        "reference": "0744-8000000",
        "answered_on": date(2026, 11, 24),
        "result": "confirmed",
    }
    return Enquiry(**given | fields)


def away_claim(total="10000.00", state=ClaimState.CHECKED, **fields):
    """A claim of a hospital whose agreement had ended by the day of service."""
    hospital = fields.pop("institution", None) or make_institution(agreement=PAST)
    return make_claim(state, institution=hospital, total=Decimal(total), **fields)


def refusal(claim):
    with translation.override("en"), pytest.raises(ApprovalRefused) as refused:
        approve(claim, actor=make_reviewer(), at=NOW)
    claim.refresh_from_db()
    assert claim.state == ClaimState.CHECKED
    return str(refused.value)


def approved(claim):
    return approve(claim, actor=make_reviewer(), at=NOW).state == ClaimState.APPROVED


def test_below_the_threshold_and_with_an_agreement_nothing_is_asked(db):
    assert approved(away_claim("9999.99"))
    assert approved(make_claim(ClaimState.CHECKED, total=Decimal("90000.00")))


@pytest.mark.parametrize(
    ("total", "method", "enough"),
    [
        ("10000.00", "phone", ["phone", "letter"]),
        ("49999.99", "phone", ["phone", "letter"]),
        ("50000.00", "letter", ["letter"]),
    ],
)
def test_from_the_threshold_approval_waits_for_the_right_enquiry(db, total, method, enough):
    for tried in ("phone", "letter"):
        claim = away_claim(total)
        assert f"by {method} before the second review" in refusal(claim)
        record_verification(claim, enquiry(method=tried), actor=make_verifier(), at=NOW)
        if tried in enough:
            assert approved(claim)
        else:
            assert "by letter" in refusal(claim)


def test_many_at_once_are_held_to_the_same(db):
    waiting, verified = away_claim(), away_claim()
    record_verification(verified, enquiry(), actor=make_verifier(), at=NOW)
    result = approve_many([waiting.pk, verified.pk], actor=make_reviewer(), at=NOW)
    assert (result.done, [number for number, _why in result.refused]) == (1, [waiting.number])


def test_the_threshold_is_the_row_of_the_day_of_entry(db):
    LegalParameter.objects.create(
        code="phone_verification_from", starts_on=date(2026, 11, 24), value=20000, source="x"
    )
    assert approved(away_claim("19999.99"))
    assert "by phone" in refusal(away_claim("20000.00"))


def test_a_hospital_that_denies_ends_in_a_return_or_rejection(db):
    claim = away_claim()
    record_verification(claim, enquiry(result="refuted"), actor=make_verifier(), at=NOW)
    text = refusal(claim)
    assert "does not confirm" in text
    assert "Return or reject" in text


def test_who_entered_or_corrected_the_claim_does_not_verify_it(db):
    make_bureau()
    clerk = make_user(["claims.enter_claim", "claims.verify_claim"])
    hospital = make_institution(agreement=PAST)
    draft = make_draft(institution=hospital)
    claim = submit_claim(draft, person=make_resident(), actor=clerk, at=NOW)
    with pytest.raises(SecondPersonRequired):
        record_verification(claim, enquiry(), actor=clerk, at=NOW)
    assert not Verification.objects.exists()


@pytest.mark.parametrize("state", ["returned", "approved", "settled", "rejected", "held"])
def test_outside_the_reviews_nothing_is_verified(db, state):
    with pytest.raises(StateConflict):
        record_verification(away_claim(state=state), enquiry(), actor=make_verifier(), at=NOW)
    assert not Verification.objects.exists()


def test_without_the_permission_and_for_the_future_nothing_is_written(db):
    claim = away_claim()
    with pytest.raises(NotPermitted):
        record_verification(claim, enquiry(), actor=make_reviewer(), at=NOW)
    with pytest.raises(TransitionRefused):
        record_verification(
            claim, enquiry(answered_on=date(2026, 11, 25)), actor=make_verifier(), at=NOW
        )
    assert not Verification.objects.exists()
    assert claim.transitions.count() == 1


def test_a_correction_of_what_was_verified_needs_a_new_enquiry(db):
    make_bureau()
    claim = away_claim()
    record_verification(claim, enquiry(), actor=make_verifier(), at=NOW)
    return_claim(claim, actor=make_reviewer(), at=NOW, note="金额不符")
    draft = make_draft(institution=claim.institution, total=Decimal("12000.00"))
    correct_claim(claim, draft, actor=make_clerk(), at=NOW)
    claim.refresh_from_db()
    assert "by phone" in refusal(claim)
    record_verification(claim, enquiry(), actor=make_verifier(), at=NOW)
    assert approved(claim)


def test_answers_are_never_changed(db):
    verification = record_verification(away_claim(), enquiry(), actor=make_verifier(), at=NOW)
    for change in (lambda: Verification.objects.update(result="refuted"), verification.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("needed", "answers", "stands"),
    [
        ("", [], ""),
        ("phone", [], "phone"),
        ("letter", [("phone", "confirmed")], "letter"),
        ("letter", [("phone", "refuted")], "refuted"),
        ("phone", [("phone", "refuted"), ("letter", "confirmed")], ""),
        ("phone", [("phone", "confirmed"), ("phone", "refuted")], "refuted"),
    ],
)
def test_the_last_answer_counts(needed, answers, stands):
    assert standing(needed, [Answer(*answer) for answer in answers]) == stands


def test_the_claims_page_leads_a_second_person_to_it(client, db):
    make_bureau()
    clerk = make_user(["claims.enter_claim", "claims.verify_claim", "claims.view_claim"])
    hospital = make_institution(agreement=PAST)
    claim = submit_claim(
        make_draft(institution=hospital), person=make_resident(), actor=clerk, at=NOW
    )
    here = reverse("admin:claims_claim_change", args=[claim.pk])
    url = reverse("admin:claims_claim_verify", args=[claim.pk])
    client.cookies["django_language"] = "en"
    client.force_login(clerk)
    assert f'href="{url}"' not in client.get(here).content.decode()
    assert "another person" in client.get(url).content.decode()
    client.force_login(make_verifier())
    assert f'href="{url}"' in client.get(here).content.decode()
    answer = {
        "method": "phone",
        "counterpart": "病案室",
        "reference": "07448000000",
        "answered_on": "20261124",
        "result": "confirmed",
    }
    for wrong in ({"result": ""}, {"method": "fax"}, {"reference": ""}, {"answered_on": "x"}):
        assert client.post(url, answer | wrong).status_code == 200
    assert not Verification.objects.exists()
    assert client.post(url, answer).status_code == 302
    page = client.get(here).content.decode()
    assert "病案室" in page
    assert f'href="{url}"' not in page
    client.force_login(make_reviewer())
    assert client.post(url, answer).status_code == 403
    assert Verification.objects.count() == 1
    assert Claim.objects.get().state == ClaimState.CHECKED


@pytest.mark.parametrize(
    "wrong",
    [
        {"answered_on": "19000101"},
        {"answered_on": "20261123"},
        {"answered_on": "29990101"},
        {"reference": "0"},
        {"reference": "0744-80000000000000"},
        {"counterpart": "王"},
    ],
)
def test_what_cannot_be_true_is_told_at_its_field(client, db, wrong):
    make_bureau()
    claim = away_claim()
    client.force_login(make_verifier())
    client.cookies["django_language"] = "en"
    answer = {
        "method": "phone",
        "counterpart": "病案室 王主任",
        "reference": "0744-8000000",
        "answered_on": "20261124",
        "result": "confirmed",
    }
    url = reverse("admin:claims_claim_verify", args=[claim.pk])
    page = client.post(url, answer | wrong).content.decode()
    assert f'href="#id_{next(iter(wrong))}"' in page
    assert not Verification.objects.exists()
    assert client.post(url, answer).status_code == 302


def test_the_service_refuses_an_answer_older_than_the_claim(db):
    claim = away_claim()
    with pytest.raises(TransitionRefused):
        record_verification(
            claim, enquiry(answered_on=date(2026, 11, 23)), actor=make_verifier(), at=NOW
        )
    assert not Verification.objects.exists()


def test_where_a_letter_is_required_the_form_says_so(client, db):
    make_bureau()
    claim = away_claim("50000.00")
    client.force_login(make_verifier())
    client.cookies["django_language"] = "en"
    url = reverse("admin:claims_claim_verify", args=[claim.pk])
    page = client.get(url).content.decode()
    assert '<option value="letter" selected>' in page
    assert "a letter is required" in page
    call = {
        "method": "phone",
        "counterpart": "病案室 王主任",
        "reference": "0744-8000000",
        "answered_on": "20261124",
        "result": "confirmed",
    }
    assert "still needs a letter" in client.post(url, call, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_answer_sent_twice_at_once_is_kept_once():
    claim, verifier, start = away_claim(), make_verifier(), Barrier(3)

    def run(_nth):
        start.wait()
        try:
            return record_verification(claim, enquiry(), actor=verifier, at=NOW)
        except AlreadyRecorded as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(run, range(3)))
    assert sum(isinstance(one, AlreadyRecorded) for one in outcomes) == 2
    assert claim.verifications.count() == 1
    assert claim.transitions.filter(action="verify").count() == 1
    # Asked again, or about the claim as corrected: another enquiry.
    record_verification(claim, enquiry(counterpart="医保科"), actor=verifier, at=NOW)
    Claim.objects.filter(pk=claim.pk).update(total=Decimal("12000.00"))
    record_verification(claim, enquiry(), actor=verifier, at=NOW)
    assert claim.verifications.count() == 3
