"""The history of a claim and of a batch: their steps, and no edit that nobody made."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims.models import Claim, ClaimState, PaymentBatch
from claims.review.models import ClaimTransition
from claims.tests.night import NOW, approved_claim
from enrollment.access.models import User
from enrollment.history.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", "", "p", full_name="Root"))
    client.cookies["django_language"] = "en"
    return client


def step(claim: Claim, action: str, before: str, after: str, note: str = "") -> None:
    ClaimTransition.objects.create(
        subject=claim, action=action, from_state=before, to_state=after, at=NOW, note=note
    )


def told(record: Any) -> list[tuple[str, str, str, str, str]]:
    return [
        (str(one.action), str(change.label), change.before, change.after, one.note)
        for one in reversed(history_of(record))
        for change in one.changes
    ]


def test_the_steps_of_a_claim_stand_in_its_history(root):
    claim = approved_claim()
    step(claim, "submit", "", ClaimState.SUBMITTED)
    step(claim, "return_first", ClaimState.SUBMITTED, ClaimState.RETURNED, "papers missing")
    step(claim, "verify", ClaimState.RETURNED, ClaimState.RETURNED, "asked by telephone")
    assert told(claim) == [
        ("added", "State", "—", "awaiting first review", ""),
        (
            "changed",
            "State",
            "awaiting first review",
            "returned for correction",
            "papers missing",
        ),
    ]
    history = reverse("admin:claims_claim_history", args=[claim.pk])
    record = root.get(reverse("admin:claims_claim_change", args=[claim.pk])).text
    assert f'href="{history}"' in record
    page = root.get(history).text
    assert "Nothing has been changed" not in page
    assert "papers missing" in page
    assert "asked by telephone" in page


def test_an_edit_is_not_given_the_moves_that_came_after_it():
    claim = approved_claim(state=ClaimState.RETURNED, approved_on=None)
    Claim.objects.filter(pk=claim.pk).update(diagnosis="J18.9")
    Claim.objects.filter(pk=claim.pk).update(
        state=ClaimState.APPROVED, approved_on=date(2026, 9, 20)
    )
    assert [line[1] for line in told(Claim.objects.get(pk=claim.pk))] == ["Diagnosis"]


def test_an_order_has_no_other_course_than_its_page(root):
    batch = PaymentBatch.objects.create(
        number="B1",
        created_by=User.objects.get(username="root"),
        created_at=NOW,
        orders_count=0,
        total=0,
    )
    answer = root.get(reverse("admin:claims_paymentbatch_history", args=[batch.pk]))
    page = reverse("admin:claims_paymentbatch_change", args=[batch.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    batch.transitions.create(action="make", to_state="draft", at=NOW)
    page = root.get(reverse("admin:claims_paymentbatch_history", args=[batch.pk]))
    assert "State" in page.text
