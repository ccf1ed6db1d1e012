"""Six known defects of a widely used insurance system, none of which this portal has.

They were found by reading and running what that system publishes. Each test here bears the
name of what must hold instead.
"""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import parse_scheme, shipped_schemes
from claims.benefit.scheme import NOTHING_PAID
from claims.benefit.types import ClaimFacts, Outcome, PersonFacts
from claims.corrections.models import Cause
from claims.corrections.services import approve_correction
from claims.intake.quote import settled_quote
from claims.models import (
    AccumulatorMovement,
    Claim,
    PaymentOrder,
    SettledClaim,
    SettlementRun,
    SettlementShard,
)
from claims.settlement.parts import settle_part
from claims.tests.night import DAY, NOW, approved_claim, covered_person, ledger_faults, settle
from claims.tests.test_corrections import OFFICER, fresh_year, proposed
from claims.tests.test_rules_own_scheme import data as scheme_with_a_rule_for_children
from enrollment.tests.factories import make_institution, make_user

YONGSHUN = shipped_schemes()["yongshun-resident"]


def a_year_of(*claims: tuple[str, str, str]) -> tuple[Outcome, ...]:
    """Claims of a person without identity in the county: kind, level, total; a day apart."""
    return adjudicate_year(
        YONGSHUN,
        PersonFacts(),
        [
            ClaimFacts(
                str(day), kind, date(2026, 5, day), Decimal(total), level=level, in_county=True
            )
            for day, (kind, level, total) in enumerate(claims, 1)
        ],
    )


def test_a_cost_of_300_under_an_unused_deductible_of_500_pays_0() -> None:
    """There it was deducted and approved all the same."""
    first, second = a_year_of(("inpatient", "county", "300.00"), ("inpatient", "city", "2000.00"))
    assert (first.breakdown.paid, first.breakdown.personal) == (Decimal("0.00"), Decimal("300.00"))
    moved = {movement.counter: movement.amount for movement in first.movements}
    assert moved["basic.deductible"] == Decimal("300.00")  # what was used, not the whole 500
    assert second.breakdown.paid == Decimal("600.00")  # (2,000 − 1,000) × 60 %


def test_10_99_stays_10_99() -> None:
    """There the fen were cut off before anything was calculated: 10.99 became 10."""
    (elsewhere,) = a_year_of(("general_outpatient", "county", "10.99"))
    (clinic,) = a_year_of(("general_outpatient", "township", "10.99"))
    (stay,) = a_year_of(("inpatient", "county", "510.99"))
    for outcome, paid, personal in (
        (elsewhere, "0.00", "10.99"),
        (clinic, "7.69", "3.30"),  # 10.99 × 70 % = 7.693
        (stay, "8.24", "502.75"),  # 10.99 × 75 % = 8.2425
    ):
        breakdown = outcome.breakdown
        assert breakdown.in_policy == breakdown.total == outcome.claim.total
        assert (breakdown.paid, breakdown.personal) == (Decimal(paid), Decimal(personal))


@pytest.mark.parametrize(
    ("born", "day", "rate"),
    [
        ("2004-02-29", "2022-02-28", 80),
        ("2004-02-29", "2022-03-01", 70),
        ("2006-02-28", "2024-02-28", 70),
        ("2006-03-01", "2024-02-29", 80),
        ("2006-03-01", "2024-03-01", 70),
        ("2024-05-05", "2024-05-05", 80),
    ],
)
def test_a_rule_for_children_reaches_children(born: str, day: str, rate: int) -> None:
    """There a question was taken for its answer, so that everybody was of age."""
    scheme = parse_scheme(scheme_with_a_rule_for_children())
    rules = scheme.rules(
        date.fromisoformat(day), "inpatient", "county", True, born_on=date.fromisoformat(born)
    )
    paid, steps, _ = rules.settle((1_040_000, 0, 0, 0), NOTHING_PAID, scheme.zeros())
    assert paid[0] == rate * 10_000
    assert ("ichild,10" in steps) == (rate == 80)


def test_a_run_is_stored_under_its_own_date_and_cannot_pay_twice(db: None) -> None:
    """There a month was stored as the next one, and December could be run again and again."""
    days = [date(2026, 11, 30), date(2026, 12, 31)]
    for day in days:
        claim = approved_claim(approved_on=day)
        first = settle(day)
        assert (first.run.up_to, first.claims, first.paid) == (day, 1, Decimal("700.00"))
        assert SettledClaim.objects.get(claim=claim).run == first.run
        for _night in range(2):
            again = settle(day)
            assert (again.claims, again.paid) == (0, Decimal("0.00"))
    posted = SettlementRun.objects.filter(settled__isnull=False).order_by("pk")
    assert list(posted.values_list("up_to", flat=True)) == days
    orders = PaymentOrder.objects.order_by("pk")
    assert list(orders.values_list("run__up_to", "amount")) == [
        (day, Decimal("700.00")) for day in days
    ]
    assert ledger_faults() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_cannot_spend_one_ceiling(settings: Any) -> None:
    """There nothing was locked between reading what is left and writing what is used."""
    settings.SETTLEMENT_CHUNK = 1
    person, hospital = covered_person(), make_institution()
    for _n in range(4):
        approved_claim(person, hospital, total=Decimal("100000.00"))
    run = SettlementRun.objects.create(
        up_to=DAY, scheme="yongshun-resident", started_at=NOW, claims_found=4
    )
    shards = [
        SettlementShard.objects.create(
            run=run, number=number, first_person=0, last_person=2**62, reached=0
        )
        for number in (1, 2)
    ]
    start = threading.Barrier(2)
    failures = []

    def work(shard: SettlementShard) -> None:
        try:
            start.wait(30)
            settle_part(shard.pk)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[shard]) for shard in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    paid = AccumulatorMovement.objects.filter(counter="basic.paid")
    # 70,000 twice, then 10,000 up to the 150,000 of the year, then nothing.
    assert sorted(paid.values_list("amount", flat=True)) == [
        Decimal("10000.00"),
        Decimal("70000.00"),
        Decimal("70000.00"),
    ]
    assert settle().claims == 4
    assert ledger_faults() == []


def test_what_was_archived_is_not_consumed_again(db: None) -> None:
    """There a claim processed anew used up the ceiling by its old version and by its new one."""
    officers = make_user(OFFICER), make_user(OFFICER)
    person, hospital = covered_person(), make_institution()
    wrong = approved_claim(person, hospital, total=Decimal("214000.00"))
    anew = approved_claim(person, hospital, discharged_on=date(2026, 9, 11))
    settle()
    assert [paid_by_basic(claim) for claim in (wrong, anew)] == ["149800.00", "200.00"]
    correction = proposed(person, officers[0], Cause.REVERSAL, reverse=[wrong.pk])
    approve_correction(correction, actor=officers[1], at=NOW)
    assert [paid_by_basic(claim) for claim in (wrong, anew)] == ["0.00", "700.00"]
    big = approved_claim(
        person, hospital, discharged_on=date(2026, 9, 12), total=Decimal("300000.00")
    )
    settle()
    # All of the 150,000 but the 700 that stand: neither the 149,800 nor the 200 count.
    assert paid_by_basic(big) == "149300.00"
    fresh_year(person)


def paid_by_basic(claim: Claim) -> str:
    """What basic insurance pays on the claim now; nothing once it is reversed."""
    quote = settled_quote(Claim.objects.select_related("institution").get(pk=claim.pk))
    return str(sum((one.paid for one in quote.layers if one.code == "basic"), Decimal("0.00")))
