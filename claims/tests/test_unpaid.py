"""A correction before the payment: what is not due and still waits is kept back, not asked for."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from claims.corrections.models import Cause
from claims.corrections.services import approve_correction
from claims.models import Clearance, Correction, Overpayment, PaymentOrder
from claims.overpayments.selectors import open_amount
from claims.payments.services import NothingToPay, make_batch
from claims.tests.night import NOW, approved_claim, covered_person, make_finance, settle
from claims.tests.test_corrections import OFFICER, fresh_year, proposed
from enrollment.tests.factories import make_bureau, make_institution, make_user

READS = [*OFFICER, "claims.view_claim", "claims.view_paymentorder", "enrollment.view_person"]
MARCH = date(2026, 3, 1)


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    make_bureau()
    return make_user(READS), make_user(READS)


def reverse_claim(claim: Any, officers: Any) -> Correction:
    correction = proposed(claim.person, officers[0], Cause.REVERSAL, reverse=[claim.pk])
    approve_correction(correction, actor=officers[1], at=NOW)
    return correction


def still_open() -> Decimal:
    return sum((open_amount(one) for one in Overpayment.objects.all()), Decimal(0))


def test_a_reversed_claim_that_waits_for_its_payment_is_not_paid(officers: Any) -> None:
    claim = approved_claim(discharged_on=MARCH)
    settle()
    correction = reverse_claim(claim, officers)
    order = PaymentOrder.objects.get()
    assert (order.state, order.amount, still_open()) == ("set_off", 0, 0)
    with pytest.raises(NothingToPay):
        make_batch(actor=make_finance(), at=NOW)
    kept = Clearance.objects.get()
    assert (kept.amount, kept.document) == (Decimal("700.00"), str(correction))
    people = list(kept.transitions.order_by("pk").values_list("action", "actor"))
    assert people == [("propose", officers[0].pk), ("approve", officers[1].pk)]
    fresh_year(claim.person)


def test_what_has_gone_into_a_batch_is_asked_back(officers: Any) -> None:
    claim = approved_claim(discharged_on=MARCH)
    settle()
    correction = proposed(claim.person, officers[0], Cause.REVERSAL, reverse=[claim.pk])
    make_batch(actor=make_finance(), at=NOW)  # after the preview, before the approval
    approve_correction(correction, actor=officers[1], at=NOW)
    assert (PaymentOrder.objects.get().amount, still_open()) == (Decimal("700.00"),) * 2
    assert not Clearance.objects.exists()
    fresh_year(claim.person)


def test_the_hospital_is_paid_for_its_other_uploads_alone(officers: Any) -> None:
    place = make_institution()
    claim = approved_claim(None, place, discharged_on=MARCH, source="upload", visit_no="V1")
    approved_claim(None, place, source="upload", visit_no="V2")
    settle()
    reverse_claim(claim, officers)
    order = PaymentOrder.objects.get()
    assert (order.state, order.amount, still_open()) == ("pending", Decimal("700.00"), 0)
    fresh_year(claim.person)


def test_a_payment_for_another_claim_is_never_touched(officers: Any) -> None:
    person = covered_person()
    first = approved_claim(person, discharged_on=MARCH)
    settle()
    make_batch(actor=make_finance(), at=NOW)
    approved_claim(person)
    settle()
    reverse_claim(first, officers)
    waiting = PaymentOrder.objects.get(state="pending")
    assert (waiting.amount, still_open()) == (Decimal("700.00"), Decimal("700.00"))
    fresh_year(person)


def test_a_second_correction_keeps_back_what_the_first_has_ordered(officers: Any) -> None:
    person = covered_person()
    september = {"discharged_on": date(2026, 9, 10), "total": Decimal("214000.00")}
    approved_claim(person, source="upload", visit_no="V1", **september)
    settle()
    late = approved_claim(person, discharged_on=MARCH)
    settle()
    make_batch(actor=make_finance(), at=NOW)
    approve_correction(proposed(person, officers[0]), actor=officers[1], at=NOW)
    ordered = PaymentOrder.objects.get(state="pending", person=person)
    assert ordered.amount == Decimal("500.00")  # of the fund
    reverse_claim(late, officers)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.amount) == ("set_off", 0)
    owed = Overpayment.objects.get(person=person, layer="basic", correction__cause=Cause.REVERSAL)
    # 700 of which 500 were never paid.
    assert (owed.amount, open_amount(owed)) == (Decimal("700.00"), Decimal("200.00"))
    fresh_year(person)


def test_the_page_says_what_will_be_kept_back(
    client: Any, officers: Any, django_assert_max_num_queries: Any
) -> None:
    client.cookies["django_language"] = "en"
    claim = approved_claim(discharged_on=MARCH)
    settle()
    correction = proposed(claim.person, officers[0], Cause.REVERSAL, reverse=[claim.pk])
    page = reverse("admin:claims_correction_change", args=[correction.pk])
    client.force_login(officers[1])
    with django_assert_max_num_queries(40):
        before = client.get(page).content.decode()
    assert "Not paid yet" in before
    assert PaymentOrder.objects.get().number in before
    approve_correction(correction, actor=officers[1], at=NOW)
    after = client.get(page).content.decode()
    assert "Not paid yet" not in after
    assert "settled" in after
