"""Overpayments for tests, opened by an approved reversal."""

from datetime import date
from decimal import Decimal
from typing import Any

from claims.corrections.models import Cause
from claims.corrections.services import approve_correction
from claims.models import Overpayment
from claims.payments.exchange import read_bank_return, write_bank_file
from claims.payments.services import approve_batch, make_batch
from claims.tests.night import (
    NOW,
    approved_claim,
    bank_return,
    covered_person,
    make_finance,
    settle,
)
from claims.tests.test_corrections import OFFICER, proposed
from enrollment.models import Institution, Person, User
from enrollment.tests.factories import make_user

FINANCE = [
    "claims.record_repayment",
    "claims.agree_repayment",
    "claims.propose_clearance",
    "claims.approve_clearance",
    "claims.view_overpayment",
    "claims.view_clearance",
    "claims.view_correction",
    "claims.view_claim",
    "claims.view_paymentorder",
    "enrollment.view_person",
]


def officer(**fields: Any) -> User:
    """A member of the finance office for overpayments."""
    return make_user(FINANCE, **fields)


def pay_all(*, fail: bool = False) -> None:
    """The bank pays whatever waits, or fails all of it."""
    maker, approver = make_finance(), make_finance()
    batch = make_batch(actor=maker, at=NOW).batch
    approve_batch(batch, actor=approver, at=NOW)
    data = write_bank_file(batch, actor=maker, at=NOW).decode("gb18030")
    for order in batch.orders.all():
        assert f"{order.amount}" in data
    failures = {order.number: "账号不符" for order in batch.orders.all()} if fail else {}
    read_bank_return(batch, bank_return(batch, failures), actor=maker, at=NOW)


def reversed_claim(
    *, total: str = "1000.00", source: str = "window", institution: Institution | None = None
) -> tuple[Person, Overpayment]:
    """A resident whose paid March claim was taken back: 70% of `total` is owed to the fund.

    Another claim's payment waits, 700.00 yuan.
    """
    person = covered_person()
    claim = approved_claim(
        person,
        institution,
        discharged_on=date(2026, 3, 1),
        total=Decimal(total),
        source=source,
    )
    settle()
    pay_all()
    approved_claim(person)
    settle()
    correction = proposed(person, make_user(OFFICER), Cause.REVERSAL, reverse=[claim.pk])
    approve_correction(correction, actor=make_user(OFFICER), at=NOW)
    return person, Overpayment.objects.get(correction=correction, layer="basic")
