"""What must hold for every person-year, whatever the figures."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.benefit.adjudication import adjudicate, adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.benefit.types import (
    Accumulators,
    Breakdown,
    ClaimFacts,
    ClaimRefused,
    LayerResult,
    Movement,
    PersonFacts,
)
from claims.tests.benefit_years import a_year, schemes, seeds

YONGSHUN = shipped_schemes()["yongshun-resident"]
FAVOURED = {"extremely_poor", "low_income", "at_risk"}


@given(seeds, schemes)
def test_shares_sum_to_the_total_and_none_is_negative(seed: int, scheme: str) -> None:
    for outcome in a_year(seed, scheme)[1]:
        breakdown = outcome.breakdown
        shares = [layer.paid for layer in breakdown.layers]
        assert sum(shares) + breakdown.personal + breakdown.already_paid == outcome.claim.total
        assert min([*shares, breakdown.personal]) >= 0
        assert all(share == share.quantize(Decimal("0.01")) for share in shares)


@given(seeds, schemes, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    seed: int, scheme: str, shuffler: random.Random
) -> None:
    request, outcomes = a_year(seed, scheme)
    claims = list(request.claims)
    shuffler.shuffle(claims)
    assert adjudicate_year(request.scheme, request.person, claims) == outcomes


@given(seeds, schemes)
def test_recalculation_on_the_stored_movements_changes_nothing(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    standing: dict[int, Accumulators] = {}
    for outcome in outcomes:
        year = outcome.claim.discharged_on.year
        before = standing.get(year, Accumulators(year))
        again = adjudicate(request.scheme, request.person, outcome.claim, before)
        assert again == outcome
        standing[year] = before.after(outcome.movements)


@given(seeds, schemes, st.randoms(use_true_random=False))
def test_what_was_reversed_is_not_consumed_again(
    seed: int, scheme: str, chooser: random.Random
) -> None:
    request, outcomes = a_year(seed, scheme)
    gone = chooser.choice(outcomes).claim
    standing = Accumulators(gone.discharged_on.year)
    reversed_: list[Movement] = []
    for outcome in outcomes:
        if outcome.claim.discharged_on.year == standing.year:
            standing = standing.after(outcome.movements)
            reversed_ += [Movement(m.counter, -m.amount) for m in outcome.movements]
    assert not any(standing.after(reversed_).balances.values())
    # A year without the claim is the year in which it was never entered.
    rest = [claim for claim in request.claims if claim.id != gone.id]
    kept = [outcome for outcome in outcomes if outcome.claim.discharged_on < gone.discharged_on]
    with suppress(ClaimRefused):
        again = adjudicate_year(request.scheme, request.person, rest)
        assert [outcome for outcome in again if outcome in kept] == kept


@given(seeds, schemes)
def test_what_is_paid_is_what_the_counters_say(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    for layer in request.scheme.layers:
        counters = {f"{layer.code}.{name}" for name in layer.paid_counters}
        moved = sum(
            (m.amount for o in outcomes for m in o.movements if m.counter in counters), Decimal(0)
        )
        paid = sum(
            (r.paid for o in outcomes for r in o.breakdown.layers if r.layer == layer.code),
            Decimal(0),
        )
        if counters:
            assert moved == paid


def test_claims_that_differ_in_nothing_that_is_read_share_their_rules() -> None:
    day = date(2023, 5, 1)
    one = YONGSHUN.rules(day, "special_outpatient", "county", True, "filed")
    two = YONGSHUN.rules(
        date(2024, 1, 1), "special_outpatient", None, None, identities=frozenset({"preferential"})
    )
    other = YONGSHUN.rules(day, "special_outpatient", None, None, identities=frozenset(FAVOURED))
    assert one is two
    assert one is not other


@pytest.mark.parametrize(
    ("paid", "personal", "message"),
    [("60.00", "39.99", "do not sum"), ("100.01", "-0.01", "negative")],
)
def test_a_breakdown_that_does_not_add_up_cannot_exist(
    paid: str, personal: str, message: str
) -> None:
    layer = LayerResult("basic", "fund", "x@2023-01-01", Decimal(paid), "")
    with pytest.raises(ValueError, match=message):
        Breakdown(Decimal(100), Decimal(100), Decimal(0), (layer,), Decimal(personal))


STAY = ClaimFacts("a", "inpatient", date(2023, 5, 1), Decimal(100), level="county", in_county=True)


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"excluded": Decimal("100.01")}, "in_policy_negative", "total"),
        ({"total": Decimal("-0.01")}, "negative", "total"),
        ({"excluded": Decimal("-0.01")}, "negative", "excluded"),
        ({"level": None}, "missing", "institution.level"),
        ({"in_county": None}, "missing", "institution.in_county"),
        ({"chronic": True}, "chronic_kind", "chronic"),
        ({"already_paid": {"basic": Decimal(1)}}, "calculated", "already_paid.basic"),
        ({"already_paid": {"poverty": Decimal("100.01")}}, "already_above_total", "already_paid"),
        ({"already_paid": {"poverty": Decimal(-1)}}, "negative", "already_paid.poverty"),
        ({"already_paid": {"charity": Decimal(1)}}, "unknown_key", "already_paid.charity"),
    ],
)
def test_contradicting_facts_are_refused(
    changed: dict[str, object], reason: str, field: str
) -> None:
    with pytest.raises(ClaimRefused) as refused:
        adjudicate(YONGSHUN, PersonFacts(), replace(STAY, **changed), Accumulators(2023))  # type: ignore[arg-type]
    assert (refused.value.reason, refused.value.field) == (reason, field)


def test_a_late_claim_is_the_next_one_on_the_accumulators_as_they_stand() -> None:
    late = replace(STAY, discharged_on=date(2023, 1, 1), total=Decimal(1000))
    standing = Accumulators(2023, {"basic.deductible": Decimal("1200.00")})
    outcome = adjudicate(YONGSHUN, PersonFacts(), late, standing)
    assert outcome.breakdown.layers[0].paid == Decimal("525.00")  # 300 of the limit were left
    assert {m.counter: m.amount for m in outcome.movements} == {
        "basic.deductible": Decimal("300.00"),
        "basic.paid": Decimal("525.00"),
        "critical_illness.base": Decimal("475.00"),
    }


def test_accumulators_of_another_year_are_refused() -> None:
    with pytest.raises(ValueError, match="belongs to the year of its discharge"):
        adjudicate(YONGSHUN, PersonFacts(), STAY, Accumulators(2022))


def test_a_held_claim_leaves_the_balances_alone() -> None:
    rules = YONGSHUN.rules(date(2023, 5, 1), "inpatient", "county", True)
    balances = YONGSHUN.zeros()
    with pytest.raises(ClaimRefused, match="overpaid"):
        rules.settle((1_000_000, 0, 0, 0), (0, 0, 0, 900_000), balances)
    assert balances == YONGSHUN.zeros()
