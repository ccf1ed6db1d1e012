"""What the tests of a resident's page share: who reads it, and a resident with claims."""

from datetime import date
from typing import Any

from django.urls import reverse

from claims.models import Claim
from claims.tests.night import DAY, approved_claim, covered_person, settle
from enrollment.models import Person
from enrollment.tests.factories import make_institution

SEE_ALL = [
    "enrollment.view_person",
    "claims.view_claim",
    "claims.view_settledclaim",
    "claims.view_paymentorder",
]


def page_of(person: Person) -> str:
    return reverse("admin:enrollment_person_change", args=[person.pk])


def treated(count: int, **fields: Any) -> Person:
    """A resident with settled claims, half of them uploads, each at an institution of its own."""
    person = covered_person()
    for n in range(count):
        source = Claim.Source.UPLOAD if n % 2 else Claim.Source.WINDOW
        approved_claim(
            person,
            make_institution(account_no="6222026011112222", account_name="医院"),
            source=source,
            discharged_on=date(2026, 1 + n % 9, 1 + n % 28),
            **fields,
        )
    settle(DAY)
    return person
