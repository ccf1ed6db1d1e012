"""The calculator against an independent one, to the fen, over thousands of person-years."""

import random
from decimal import Decimal

import pytest

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.benefit.types import ClaimRefused
from claims.quoting.reading import read_request
from claims.tests.benefit_lines import person_year
from claims.tests.benefit_oracle import year_of
from claims.tests.test_benefit_golden import cases, line_of


@pytest.mark.parametrize("scheme", sorted(shipped_schemes()))
def test_thousands_of_person_years_agree_to_the_fen(scheme: str) -> None:
    rng = random.Random(f"{scheme} 20260901")
    compared = refused = 0
    for _ in range(2_000):
        line = person_year(rng, scheme)
        expected = year_of(line)
        request = read_request(line, shipped_schemes())
        try:
            outcomes = adjudicate_year(request.scheme, request.person, request.claims)
        except ClaimRefused as hold:
            assert hold.reason == "overpaid"
            assert expected == {"refused": hold.figures["claim"]}, line
            refused += 1
            continue
        got = {
            outcome.claim.id: {layer.layer: layer.paid for layer in outcome.breakdown.layers}
            for outcome in outcomes
        }
        assert got == expected, line
        compared += len(got)
    assert compared > 4_000, (compared, refused)


def test_the_golden_cases_expect_what_an_independent_calculator_pays() -> None:
    for scheme, case in (one.values for one in cases()):
        due = year_of(line_of(scheme, case))
        for claim, expected in case["expect"].items():
            for layer, paid in due[claim].items():
                assert paid == Decimal(expected.get(layer, paid)), (case["name"], claim, layer)
