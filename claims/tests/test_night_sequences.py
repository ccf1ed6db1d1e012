"""Any sequence of operations keeps every invariant, after each step."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims.models import Claim, PaymentBatch, PaymentOrder
from claims.payments import exchange, services
from claims.tests.night import (
    NOW,
    approved_claim,
    bank_return,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from enrollment.residents.services import correct_account
from enrollment.tests.factories import make_identity, make_institution, make_person, make_user
from enrollment.transitions.table import TransitionRefused

STEPS = 40


class County:
    """A few residents and hospitals, and everything that can happen to them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.people = [covered_person() for _n in range(4)]
        self.people.append(make_person())
        self.people.append(covered_person(account_no="", account_name=""))
        make_identity(self.people[0], "low_income")
        make_identity(self.people[1], "extremely_poor")
        self.hospitals = [
            make_institution(level=level, account_no=f"43001234{n:08d}", account_name=level)
            for n, level in enumerate(("township", "county", "city"))
        ]
        self.maker, self.approver = make_finance(), make_finance()
        self.clerk = make_user(["enrollment.correct_account"])
        for source in ("window", "upload"):
            approved_claim(self.people[0], self.hospitals[0], source=source)

    def claim(self):
        pick = self.random
        approved_claim(
            pick.choice(self.people),
            pick.choice(self.hospitals),
            kind=pick.choice(["special_outpatient", "general_outpatient"]),
            total=Decimal(pick.randrange(1, 20_000_000)) / 100,
            discharged_on=date(2026, 1, 1) + timedelta(days=pick.randrange(270)),
            source=pick.choice(["window", "upload"]),
        )

    def night(self):
        settle()

    def release(self):
        Claim.objects.filter(state="held").update(state="approved", held_reason="")

    def batch(self):
        services.make_batch(actor=self.maker, at=NOW)

    def approve(self):
        services.approve_batch(self._batch("draft"), actor=self.approver, at=NOW)

    def cancel(self):
        state = self.random.choice(["draft", "approved"])
        services.cancel_batch(self._batch(state), actor=self.approver, at=NOW, note="重做")

    def send(self):
        exchange.write_bank_file(self._batch("approved"), actor=self.maker, at=NOW)

    def bank(self):
        batch = self._batch("sent")
        failures = {
            order.number: "户名不符"
            for order in batch.orders.all()
            if order.person_id and self.random.random() < 0.4
        }
        exchange.read_bank_return(batch, bank_return(batch, failures), actor=self.maker, at=NOW)

    def again(self):
        order = PaymentOrder.objects.filter(state="failed").order_by("pk").first()
        if order is None:
            raise TransitionRefused
        number = f"6222021{self.random.randrange(10**9):09d}"
        correct_account(
            order.person, account_no=number, account_name="某", actor=self.clerk, at=NOW
        )
        services.pay_again(order, actor=self.maker, at=NOW)

    def _batch(self, state):
        batch = PaymentBatch.objects.filter(state=state).first()
        if batch is None:
            raise TransitionRefused
        return batch


ACTIONS = ("claim", "claim", "claim", "night", "release", "batch", "approve", "cancel", "send")
ACTIONS += ("approve", "send", "bank", "bank", "again")
FIRST = (*["claim"] * 6, "night", "batch", "approve", "send", "bank")


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_every_invariant_holds_after_each_step_of_any_sequence(seed):
    county = County(seed)
    done = set()
    chosen = [county.random.choice(ACTIONS) for _n in range(STEPS)]
    for step, action in enumerate([*FIRST, *chosen]):
        try:
            getattr(county, action)()
            done.add(action)
        except TransitionRefused:
            pass
        assert ledger_faults() == [], f"seed {seed}, step {step}: {action}"
    assert set(FIRST) <= done
