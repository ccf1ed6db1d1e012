"""The comparison without a database: sums add up, nobody is cut in two, memory stays small."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.benefit.loading import parse_scheme, shipped_schemes
from claims.chunks.calculation import ClaimRow
from claims.tests.test_policies import CODE, FILES
from claims.tests.whatif_year import (
    LOWER_RATES,
    YEAR,
    draft_data,
)
from claims.whatif import comparison
from claims.whatif.comparison import Fact, compare, whole_residents
from claims.whatif.sums import age_band, change_band

SCHEME = shipped_schemes()[CODE]


def draft_scheme(**rows: Any) -> Any:
    return parse_scheme(draft_data(**rows))


def fact(person: int, n: int, **fields: Any) -> Fact:
    """A special-outpatient claim of 1,000.00 of a person born in 1980."""
    given = {
        "claim_id": n,
        "person_id": person,
        "institution_id": 1,
        "source": "upload",
        "kind": "special_outpatient",
        "level": "county",
        "in_county": True,
        "filing": "none",
        "discharged_on": date(YEAR, 1, 1 + n % 28),
        "total": 100_000,
        "excluded": 0,
        "over_limit": 0,
        "first_self_pay": 0,
        "covered": True,
        "suspended": False,
        "identities": "",
        **fields,
    }
    return Fact(ClaimRow(**given), date(1980, 5, 17))


def test_a_draft_that_says_the_same_changes_nothing() -> None:
    found = compare(SCHEME, parse_scheme(FILES[CODE]), [fact(n // 3, n) for n in range(60)])
    assert found["whole"]["base"] == found["whole"]["draft"]
    assert (found["whole"]["more"], found["whole"]["less"]) == (0, 0)
    assert (found["people"]["gainers"], found["people"]["losers"]) == (0, 0)
    assert (found["gainers"], found["losers"]) == ([], [])
    assert found["whole"]["base"][0] == 60 * 70_000


@given(st.lists(st.integers(1, 9_000_000), min_size=1, max_size=30), st.integers(1, 7))
def test_groups_bands_and_residents_sum_to_the_whole(totals: list[int], batch: int) -> None:
    facts = [
        fact(
            n // 3,
            n,
            total=total,
            kind=("special_outpatient", "general_outpatient", "inpatient")[n % 3],
            level=("township", "county", "city")[n // 3 % 3],
            in_county=n // 3 % 3 < 2,
            identities=("", "low_income")[n // 3 % 2],
        )
        for n, total in enumerate(totals)
    ]
    draft = draft_scheme(special_rate="0.80", inpatient_rate=LOWER_RATES)
    found = compare(SCHEME, draft, facts, batch=batch)
    whole = found["whole"]
    for groups in found["groups"].values():
        for name in ("claims", "total", "more", "less"):
            assert sum(one[name] for one in groups) == whole[name]
        for side in ("base", "draft"):
            columns = zip(*(one[side] for one in groups), strict=True)
            assert [sum(column) for column in columns] == whole[side]
    difference = sum(whole["draft"]) - sum(whole["base"])
    people = found["people"]
    assert people["gained"] - people["lost"] == difference
    assert sum(band["sum"] for band in found["bands"]) == difference
    assert sum(band["persons"] for band in found["bands"]) == people["persons"]
    assert sum(one["draft"] - one["base"] for one in found["gainers"]) == people["gained"]
    assert sum(one["base"] - one["draft"] for one in found["losers"]) == people["lost"]
    assert found == compare(SCHEME, draft, facts)  # however it is cut


def test_a_ceiling_is_used_up_on_both_sides_and_batches_never_cut_a_resident() -> None:
    visits = [
        fact(1, n, kind="general_outpatient", level="township", total=30_000) for n in range(4)
    ]
    draft = draft_scheme(outpatient_ceiling="500.00")
    for size in (1, 2, 100):
        found = compare(SCHEME, draft, visits, batch=size)
        assert (found["whole"]["base"][0], found["whole"]["draft"][0]) == (42_000, 50_000)
        assert found["gainers"][0] == {
            "person": 1,
            "claims": 4,
            "base": 42_000,
            "draft": 50_000,
            "identity": "",
            "age": "45",
        }


def test_a_claim_that_one_side_cannot_calculate_is_left_out_of_both() -> None:
    facts = [fact(1, 1), fact(1, 2), fact(2, 3)]
    broken = fact(1, 2, total=100, excluded=200)
    found = compare(SCHEME, draft_scheme(special_rate="0.80"), [facts[0], broken, facts[2]])
    assert found["left_out"]["reasons"] == [["base", "refused", 1]]
    assert [one[:3] for one in found["left_out"]["first"]] == [[2, "base", "refused"]]
    assert (found["whole"]["claims"], found["people"]["persons"]) == (2, 2)
    assert (found["whole"]["base"][0], found["whole"]["draft"][0]) == (140_000, 160_000)


def test_a_layer_that_only_one_side_has_keeps_its_column() -> None:
    without = dict(FILES[CODE])
    without["layers"] = FILES[CODE]["layers"][:1]
    facts = [fact(1, n, total=3_000_000) for n in range(2)]
    for base, draft in ((SCHEME, parse_scheme(without)), (parse_scheme(without), SCHEME)):
        found = compare(base, draft, facts)
        assert [one["code"] for one in found["layers"]] == [
            "basic",
            "critical_illness",
            "medical_aid",
        ]
        # 60,000 × 30 % − 11,000 = 7,000 at 60 %, from the second claim.
        has, lacks = ("base", "draft") if base is SCHEME else ("draft", "base")
        assert found["whole"][has] == [4_200_000, 420_000, 0]
        assert found["whole"][lacks] == [4_200_000, 0, 0]
        assert found["layers"][1][f"{has}_claims"] == 1
        assert found["layers"][1][f"{lacks}_claims"] == 0


def test_only_a_batch_of_claims_is_in_memory_and_the_lists_stay_short() -> None:
    """The facts are a stream: at each report no more than a batch and a resident were taken."""
    taken = 0

    def stream() -> Iterator[Fact]:
        nonlocal taken
        for n in range(3_000):
            taken += 1
            yield fact(n // 2, n, total=100_000 + n)

    ahead: list[int] = []
    found = compare(
        SCHEME,
        draft_scheme(special_rate="0.80"),
        stream(),
        lambda done: ahead.append(taken - done),
        batch=100,
    )
    assert len(ahead) == 30
    assert max(ahead) <= 1
    assert len(found["gainers"]) == comparison.LARGEST
    # The result does not grow with the year.
    few = compare(SCHEME, draft_scheme(special_rate="0.80"), [fact(n, n) for n in range(100)])
    assert len(json.dumps(found)) < len(json.dumps(few)) * 2


def test_the_largest_changes_come_first_and_ties_by_resident() -> None:
    totals = [100_000, 300_000, 200_000, 200_000]
    facts = [fact(n, n, total=total) for n, total in enumerate(totals, start=1)]
    found = compare(SCHEME, draft_scheme(special_rate="0.60"), facts)
    assert [one["person"] for one in found["losers"]] == [2, 3, 4, 1]
    assert found["gainers"] == []


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0"), (6, "0"), (7, "7"), (17, "7"), (18, "18"), (79, "70"), (80, "80")]
)
def test_age_groups_begin_with_their_first_year(age: int, band: str) -> None:
    assert age_band(age) == band


def test_an_age_is_that_of_the_day_of_discharge() -> None:
    child = [
        Fact(fact(1, 1, discharged_on=date(YEAR, 5, 16)).claim, date(YEAR - 7, 5, 17)),
        Fact(fact(1, 2, discharged_on=date(YEAR, 5, 17)).claim, date(YEAR - 7, 5, 17)),
    ]
    groups = compare(SCHEME, SCHEME, child)["groups"]["age"]
    assert [(one["key"], one["claims"]) for one in groups] == [("0", 1), ("7", 1)]


@pytest.mark.parametrize(
    ("fen", "band"),
    [(0, 0), (1, 1), (10_000, 1), (10_001, 2), (-100_000, -2), (-100_001, -3), (2_000_001, 5)],
)
def test_a_band_holds_its_upper_end(fen: int, band: int) -> None:
    assert change_band(fen) == band


def test_parts_end_with_a_resident() -> None:
    facts = [fact(person, n) for n, person in enumerate([1, 1, 1, 2, 3, 3])]
    cut = [[one.claim.person_id for one in part] for part in whole_residents(facts, 2)]
    assert cut == [[1, 1, 1], [2, 3, 3]]
