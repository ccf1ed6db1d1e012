"""A claim taken back keeps its record and blocks nothing any more."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from claims.corrections.models import Cause
from claims.corrections.services import approve_correction
from claims.intake.drafts import draft_of
from claims.intake.selectors import Candidate, findings_for
from claims.ledger.checks import verify
from claims.models import Claim
from claims.tests.night import NOW, approved_claim, covered_person, settle
from claims.tests.test_corrections import OFFICER, fresh_year, proposed
from enrollment.tests.factories import make_user


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    return make_user(OFFICER), make_user(OFFICER)


def test_a_reversed_claim_frees_its_invoice_its_days_and_its_visit(officers: Any) -> None:
    person = covered_person()
    days = {"admitted_on": date(2026, 3, 1), "discharged_on": date(2026, 3, 9)}
    first = approved_claim(person, kind="inpatient", invoice_no="DOUBLE", **days)
    settle()

    def stops() -> set[str]:
        draft = replace(draft_of(first), total=Decimal("900.00"))
        (found,) = findings_for([Candidate(person.pk, draft)], today=NOW.date())
        return {stop.code for stop in found} & {"same_invoice", "overlapping_stay"}

    def again() -> Claim:
        return approved_claim(
            person, first.institution, kind="inpatient", invoice_no="DOUBLE",
            total=Decimal("900.00"), **days,
        )  # fmt: skip

    assert stops() == {"same_invoice", "overlapping_stay"}
    with pytest.raises(IntegrityError, match=r"per_invoice|overlap"), transaction.atomic():
        again()
    approve_correction(
        proposed(person, officers[0], Cause.REVERSAL, reverse=[first.pk]),
        actor=officers[1],
        at=NOW,
    )
    assert stops() == set()
    right = again()
    settle()
    right.refresh_from_db()
    assert right.state == "settled"
    fresh_year(person)


def test_the_proof_notices_a_state_that_differs_from_the_last_result(officers: Any) -> None:
    person = covered_person()
    claim = approved_claim(person)
    settle()
    Claim.objects.filter(pk=claim.pk).update(state="reversed")
    assert [one.name for one in verify() if not one.ok] == ["reversed_states"]
