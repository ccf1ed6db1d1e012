"""Ceilings hold in every year of every scheme, and no layer pays less on a greater base."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from claims.benefit.loading import shipped_schemes
from claims.benefit.scheme import NOTHING_PAID, Scheme
from claims.tests.benefit_years import a_year, schemes, seeds

YONGSHUN = shipped_schemes()["yongshun-resident"]
TAOJIANG = shipped_schemes()["taojiang-one-stop"]
EJIN_HORO = shipped_schemes()["ejin-horo-supplementary"]
# What a counter may reach in a year, in yuan, and the identities that lift it.
HUNAN = {"basic.deductible": 1500, "basic.paid": 150_000, "basic.outpatient": 420}
LIMITS: dict[str, dict[str, int]] = {
    "tianjin-critical-illness": {"critical_illness.paid": 182_280},
    "yongqiao-critical-illness": {},
    "ejin-horo-supplementary": {},
    "taojiang-one-stop": {**HUNAN, "critical_illness.paid": 400_000},
    "yongshun-resident": {
        **HUNAN,
        "basic.hypertension": 360,
        "basic.diabetes": 600,
        "basic.two_diseases": 960,
        "critical_illness.paid": 400_000,
        "medical_aid.paid": 50_000,
    },
}
UNLIMITED = {
    "tianjin-critical-illness": {"medical_aid", "preferential", "extremely_poor", "low_income"},
    "yongshun-resident": {"extremely_poor", "low_income", "at_risk"},
}
fen = st.integers(0, 10**8)


@given(seeds, schemes)
def test_no_year_exceeds_a_ceiling(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for outcome in outcomes:
        for movement in outcome.movements:
            assert movement.amount != 0
            sums[outcome.claim.discharged_on.year, movement.counter] += movement.amount
    limits = dict(LIMITS[scheme])
    if request.person.assistance & UNLIMITED.get(scheme, set()):
        del limits["critical_illness.paid"]
    for (_, counter), amount in sums.items():
        assert amount <= limits.get(counter, amount)
        assert amount >= 0 or counter == "supplementary.chronic_base"


@given(seeds)
def test_a_guarantee_never_tops_up_beyond_its_target(seed: int) -> None:
    for outcome in a_year(seed, "taojiang-one-stop")[1]:
        guarantee = outcome.breakdown.layers[2].paid
        if guarantee:
            borne = outcome.claim.total - outcome.breakdown.personal
            assert borne <= outcome.claim.total
            assert borne >= outcome.claim.total * Decimal("0.80") - Decimal("0.01")


@given(seeds, st.sampled_from(["yongqiao-critical-illness", "ejin-horo-supplementary"]))
def test_no_identity_changes_what_these_schemes_pay(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    for outcome in outcomes:
        rules = request.scheme.rules(outcome.claim.discharged_on, outcome.claim.kind, None, None)
        favoured = request.scheme.rules(
            outcome.claim.discharged_on,
            outcome.claim.kind,
            None,
            None,
            identities=request.person.assistance,
        )
        assert rules is favoured


def first_layer(scheme: Scheme, kind: str, costs: tuple[int, int], chronic: bool = False) -> int:
    rules = scheme.rules(date(2022, 5, 1), kind, "township", True, chronic=chronic)
    total, excluded = costs
    return rules.settle((total, excluded, 0, 0), NOTHING_PAID, scheme.zeros())[0][0]


@given(fen, fen, st.sampled_from(["special_outpatient", "general_outpatient"]))
def test_outpatient_care_grows_with_its_cost(one: int, two: int, kind: str) -> None:
    low, high = (first_layer(YONGSHUN, kind, (cost, 0)) for cost in sorted((one, two)))
    assert low <= high


@given(fen, fen)
def test_the_first_supplementary_part_grows_with_the_in_policy_cost(one: int, two: int) -> None:
    low, high = (first_layer(EJIN_HORO, "inpatient", (cost, 0)) for cost in sorted((one, two)))
    assert low <= high


@given(fen, fen)
def test_the_second_supplementary_part_grows_with_the_cost_out_of_policy(
    one: int, two: int
) -> None:
    low, high = (first_layer(EJIN_HORO, "inpatient", (cost, cost)) for cost in sorted((one, two)))
    assert 0 <= high - low <= abs(one - two)


@given(fen, fen)
def test_the_third_supplementary_part_grows_with_the_chronic_cost(one: int, two: int) -> None:
    low, high = (
        first_layer(EJIN_HORO, "general_outpatient", (cost, 0), chronic=True)
        for cost in sorted((one, two))
    )
    assert 0 <= high - low <= abs(one - two)


@given(fen, fen, st.sampled_from(["registered_poor", "five_guarantee"]))
def test_the_guarantee_grows_with_the_cost_out_of_policy(one: int, two: int, identity: str) -> None:
    rules = TAOJIANG.rules(
        date(2021, 5, 1), "inpatient", "county", True, identities=frozenset({identity})
    )
    low, high = (
        rules.settle((100_000 + more, more, 0, 0), NOTHING_PAID, TAOJIANG.zeros())[0][2]
        for more in sorted((one, two))
    )
    assert 0 <= low <= high


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from([frozenset(), frozenset({"low_income"})]),
)
def test_critical_illness_grows_with_its_base(
    one: int, two: int, identities: frozenset[str]
) -> None:
    def entitlement(fen: int) -> int:
        rules = YONGSHUN.rules(
            date(2023, 5, 1), "special_outpatient", None, None, identities=identities
        )
        balances = YONGSHUN.zeros()
        balances[YONGSHUN.counters.index("basic.paid")] = 15_000_000  # the ceiling is used up
        paid, _, _ = rules.settle((fen, 0, 0, 0), NOTHING_PAID, balances)
        return paid[1]

    low, high = sorted((one, two))
    assert entitlement(low) <= entitlement(high)
    assert entitlement(high) - entitlement(low) <= high - low + 1


@given(
    st.sampled_from(["tianjin-critical-illness", "yongqiao-critical-illness"]),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from([frozenset(), frozenset({"preferential"})]),
)
def test_cumulative_bands_grow_with_their_base(
    code: str, one: int, two: int, identities: frozenset[str]
) -> None:
    scheme = shipped_schemes()[code]
    rules = scheme.rules(date(2022, 5, 1), "inpatient", None, None, identities=identities)
    low, high = sorted((one, two))
    less, more = (
        rules.settle((fen, 0, 0, 0), NOTHING_PAID, scheme.zeros())[0][0] for fen in (low, high)
    )
    assert 0 <= more - less <= high - low + 1


@given(
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.sampled_from(["at_risk", "low_income", "extremely_poor"]),
)
def test_medical_aid_grows_with_what_is_left(one: int, two: int, identity: str) -> None:
    rules = YONGSHUN.rules(
        date(2023, 5, 1), "inpatient", "county", True, identities=frozenset({identity})
    )
    balances = YONGSHUN.zeros()
    balances[YONGSHUN.counters.index("basic.paid")] = 15_000_000  # basic pays nothing more
    balances[YONGSHUN.counters.index("critical_illness.paid")] = 10**12  # nor does the insurer
    low, high = (
        rules.settle((fen, 0, 0, 0), NOTHING_PAID, balances)[0][2] for fen in sorted((one, two))
    )
    assert low <= high <= 5_000_000


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.sampled_from(["township", "province"]))
def test_basic_grows_with_the_in_policy_cost(one: int, two: int, level: str) -> None:
    rules = YONGSHUN.rules(date(2023, 5, 1), "inpatient", level, True)
    low, high = (
        rules.settle((fen, 0, 0, 0), NOTHING_PAID, YONGSHUN.zeros())[0][0]
        for fen in sorted((one, two))
    )
    assert low <= high


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.sampled_from(["hypertension", "diabetes", "both"]),
    st.lists(st.integers(0, 60_000), min_size=3, max_size=3),
)
def test_medicines_grow_with_their_cost_whatever_was_used_before(
    one: int, two: int, which: str, used: list[int]
) -> None:
    rules = YONGSHUN.rules(date(2023, 5, 1), "two_diseases", "county", None, detail=which)
    balances = YONGSHUN.zeros()
    for name, fen in zip(("hypertension", "diabetes", "two_diseases"), used, strict=True):
        balances[YONGSHUN.counters.index(f"basic.{name}")] = fen
    low, high = (
        rules.settle((fen, 0, 0, 0), NOTHING_PAID, balances)[0][0] for fen in sorted((one, two))
    )
    assert 0 <= low <= high <= 96_000


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["natural", "caesarean"]))
def test_a_birth_grows_with_its_cost(one: int, two: int, delivery: str) -> None:
    rules = YONGSHUN.rules(date(2023, 5, 1), "maternity", None, None, detail=delivery)
    low, high = (
        rules.settle((fen, 0, 0, 0), NOTHING_PAID, YONGSHUN.zeros())[0][0]
        for fen in sorted((one, two))
    )
    assert low <= high <= 160_000
