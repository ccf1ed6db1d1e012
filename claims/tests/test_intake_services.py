"""Entering and correcting claims: the services, and what the database refuses by itself."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from claims.intake.numbers import next_numbers
from claims.intake.services import ClaimStopped, correct_claim, submit_claim
from claims.models import Claim, ClaimState, ClaimTransition
from claims.tests.factories import (
    NOW,
    make_claim,
    make_clerk,
    make_draft,
    make_resident,
    make_reviewer,
)
from enrollment.models import Suspension
from enrollment.tests.factories import make_bureau, make_institution, make_person, make_user
from enrollment.transitions.table import NotPermitted, StateConflict


@pytest.fixture
def clerk(db):
    return make_clerk()


@pytest.mark.parametrize(
    ("clerk_is_first", "state", "action"),
    [(True, "checked", "submit_checked"), (False, "submitted", "submit")],
)
def test_a_claim_is_entered_with_its_log_row(clerk, clerk_is_first, state, action):
    make_bureau(clerk_check_is_first_review=clerk_is_first)
    draft = make_draft()
    claim = submit_claim(draft, person=make_resident(), actor=clerk, at=NOW, note="原件")
    claim.refresh_from_db()
    assert (claim.state, claim.source, claim.entered_by, claim.entered_at) == (
        state, "window", clerk, NOW,
    )  # fmt: skip
    assert (claim.total, claim.in_policy) == (Decimal("10000.00"), Decimal("9200.00"))
    assert claim.number.startswith("20261124")
    assert len(claim.number) == 14
    row = claim.transitions.get()
    assert (row.action, row.from_state, row.to_state, row.actor, row.at, row.note) == (
        action, "", state, clerk, NOW, "原件",
    )  # fmt: skip


def test_numbers_run_on_and_never_repeat(db):
    numbers = next_numbers(date(2026, 11, 24), 3) + next_numbers(date(2026, 11, 25), 1)
    assert len(set(numbers)) == 4
    assert [int(number[8:]) for number in numbers] == list(
        range(int(numbers[0][8:]), int(numbers[0][8:]) + 4)
    )


def test_without_permission_nothing_is_entered(db):
    with pytest.raises(NotPermitted):
        submit_claim(make_draft(), person=make_resident(), actor=make_reviewer(), at=NOW)
    assert Claim.objects.count() == 0
    assert ClaimTransition.objects.count() == 0


def stopped(person, draft, clerk):
    """The codes that stop the draft; nothing may have been written."""
    before = Claim.objects.count(), ClaimTransition.objects.count()
    with pytest.raises(ClaimStopped) as refusal:
        submit_claim(draft, person=person, actor=clerk, at=NOW)
    assert (Claim.objects.count(), ClaimTransition.objects.count()) == before
    return [stop.code for stop in refusal.value.stops]


def test_a_resident_without_enrolment_is_stopped(clerk):
    assert stopped(make_person(), make_draft(), clerk) == ["not_enrolled"]


def test_a_withdrawn_enrolment_does_not_count(clerk):
    person = make_resident()
    person.enrolments.update(status="withdrawn")
    assert stopped(person, make_draft(), clerk) == ["not_enrolled"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 9, 8), date(2026, 9, 30), ["suspended"]),
        (date(2026, 8, 1), date(2026, 9, 8), ["suspended"]),
        (date(2026, 9, 9), date(2026, 9, 30), []),
        (date(2026, 8, 1), date(2026, 9, 7), []),
    ],
)
def test_a_suspension_holds_on_its_first_and_last_day(clerk, first, last, expected):
    institution = make_institution()
    Suspension.objects.create(
        agreement=institution.agreements.get(),
        starts_on=first,
        ends_on=last,
        reason="x",
        document="永医保〔2026〕3号",
        ordered_by=clerk,
        ordered_at=NOW,
    )
    draft, person = make_draft(institution=institution), make_resident()
    if expected:
        assert stopped(person, draft, clerk) == expected
    else:
        assert submit_claim(draft, person=person, actor=clerk, at=NOW).pk


def test_an_institution_without_agreement_may_be_entered(clerk):
    draft = make_draft(institution=make_institution(agreement=None))
    assert submit_claim(draft, person=make_resident(), actor=clerk, at=NOW).pk


def test_the_same_invoice_is_stopped_until_the_earlier_claim_is_rejected(clerk):
    earlier = make_claim(invoice_no="F1")
    draft = make_draft(invoice_no="F1", institution=earlier.institution)
    assert stopped(make_resident(), draft, clerk) == ["same_invoice"]
    Claim.objects.filter(pk=earlier.pk).update(state=ClaimState.REJECTED)
    assert submit_claim(draft, person=make_resident(), actor=clerk, at=NOW).pk


def test_the_same_number_on_another_institutions_invoice_is_another_invoice(clerk):
    make_claim(invoice_no="F1")
    assert submit_claim(make_draft(invoice_no="F1"), person=make_resident(), actor=clerk, at=NOW).pk


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (8, 12, []),  # a transfer on the day of discharge
        (7, 12, ["overlapping_stay"]),
        (5, 5, ["overlapping_stay"]),
        (1, 1, []),
        (1, 8, ["overlapping_stay"]),
    ],
)
def test_an_overlapping_stay_is_stopped(clerk, first, last, expected):
    earlier = make_claim()  # 1 to 8 September
    draft = make_draft(admitted_on=date(2026, 9, first), discharged_on=date(2026, 9, last))
    if expected:
        assert stopped(earlier.person, draft, clerk) == expected
    else:
        assert submit_claim(draft, person=earlier.person, actor=clerk, at=NOW).pk


def test_a_visit_inside_a_stay_is_no_overlap(clerk):
    earlier = make_claim()
    draft = make_draft(kind="general_outpatient", admitted_on=None, discharged_on=date(2026, 9, 5))
    assert submit_claim(draft, person=earlier.person, actor=clerk, at=NOW).pk


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [(8, 12, False), (7, 12, True), (5, 5, True), (1, 1, False), (8, 8, False)],
)
def test_the_database_says_the_same_about_overlaps(db, first, last, refused):
    earlier = make_claim()
    days = {"admitted_on": date(2026, 9, first), "discharged_on": date(2026, 9, last)}
    if refused:
        with pytest.raises(IntegrityError, match="claim_stays_overlap"), transaction.atomic():
            make_claim(person=earlier.person, **days)
    else:
        assert make_claim(person=earlier.person, **days).pk


def test_correcting_keeps_old_and_new_values(clerk):
    make_bureau(clerk_check_is_first_review=False)
    claim = make_claim(ClaimState.RETURNED, entered_by=clerk)
    draft = make_draft(
        institution=claim.institution, invoice_no=claim.invoice_no, total=Decimal("9000.00")
    )
    correct_claim(claim, draft, actor=clerk, at=NOW, note="金额抄错")
    claim.refresh_from_db()
    assert (claim.state, claim.total) == ("submitted", Decimal("9000.00"))
    row = claim.transitions.last()
    assert (row.action, row.from_state, row.to_state, row.note) == (
        "resubmit", "returned", "submitted", "金额抄错",
    )  # fmt: skip
    assert row.changes == {"total": ["10000.00", "9000.00"]}


def test_a_correction_is_checked_like_an_entry_but_not_against_itself(clerk):
    claim = make_claim(ClaimState.RETURNED)
    other = make_claim(person=claim.person, admitted_on=date(2026, 10, 1),
                       discharged_on=date(2026, 10, 9))  # fmt: skip
    draft = make_draft(
        institution=claim.institution, invoice_no=claim.invoice_no,
        admitted_on=date(2026, 10, 5), discharged_on=date(2026, 10, 6),
    )  # fmt: skip
    with pytest.raises(ClaimStopped) as refusal:
        correct_claim(claim, draft, actor=clerk, at=NOW)
    (stop,) = refusal.value.stops
    assert (stop.code, stop.figures["number"]) == ("overlapping_stay", other.number)
    claim.refresh_from_db()
    assert (claim.state, claim.admitted_on, claim.transitions.count()) == (
        "returned", date(2026, 9, 1), 1,
    )  # fmt: skip
    same = make_draft(institution=claim.institution, invoice_no=claim.invoice_no)
    assert correct_claim(claim, same, actor=clerk, at=NOW).state == "checked"


@pytest.mark.parametrize("state", [state for state in ClaimState.values if state != "returned"])
def test_only_a_returned_claim_is_corrected(clerk, state):
    claim = make_claim(state)
    draft = make_draft(institution=claim.institution, total=Decimal("1.00"))
    with pytest.raises(StateConflict):
        correct_claim(claim, draft, actor=clerk, at=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.total, claim.transitions.count()) == (
        state, Decimal("10000.00"), 1,
    )  # fmt: skip


def test_correcting_needs_the_permission(db):
    claim = make_claim(ClaimState.RETURNED)
    with pytest.raises(NotPermitted):
        correct_claim(claim, make_draft(), actor=make_user(), at=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.transitions.count()) == ("returned", 1)


@pytest.mark.django_db(transaction=True)
def test_two_windows_with_one_invoice():
    """The rules of both see nothing; the database lets one in and tells the other."""
    institution, barrier = make_institution(), Barrier(2)
    people, clerks = [make_resident(), make_resident()], [make_clerk(), make_clerk()]
    outcomes: list[str] = []

    def enter(n: int) -> None:
        draft = make_draft(institution=institution, invoice_no="F1")
        barrier.wait()
        try:
            with translation.override("en"):
                submit_claim(draft, person=people[n], actor=clerks[n], at=NOW)
            outcomes.append("entered")
        except ClaimStopped as refusal:
            outcomes.append(refusal.stops[0].code)
        finally:
            connection.close()

    threads = [Thread(target=enter, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["entered", "same_invoice"], ["entered", "same_invoice_race"])
    assert Claim.objects.count() == 1
    assert ClaimTransition.objects.count() == 1
