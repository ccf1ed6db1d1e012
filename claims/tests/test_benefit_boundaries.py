"""A golden case stands below, at and above every limit of every scheme, and around every day.

The limits and days are read from the rows of the schemes, never listed here: a new row asks for
its own cases. Where a case stands is read from the steps of its calculation, not from its name.
"""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from claims.benefit.layers import LAYER_KINDS
from claims.benefit.loading import SHIPPED, parse_scheme, shipped_schemes
from claims.tests.boundaries import AMOUNTS, KEYED, OWN, SHARES
from claims.tests.boundary_cases import Case, Spot, drawn, lacking, sentence, stands_at
from claims.tests.test_benefit_golden import cases

DATA = {file.stem: yaml.safe_load(file.read_text()) for file in SHIPPED.glob("*.yaml")}
# Counted, so that none slips away: a case at no limit is missed by nothing else.
GOLDEN_CASES = {
    "tianjin-critical-illness": 55,
    "yongqiao-critical-illness": 21,
    "ejin-horo-supplementary": 25,
    "taojiang-one-stop": 69,
    "yongshun-resident": 110,
}


def own_cases(scheme: str) -> list[Case]:
    return [case.values[1] for case in cases() if case.values[0] == scheme]


def changed(scheme: str, layer: int, parameter: str, row: dict[str, Any]) -> Any:
    """The scheme with one row more; its source is that of the layer's other rows."""
    data = deepcopy(DATA[scheme])
    parameters = data["layers"][layer]["parameters"]
    source = next(iter(parameters.values()))[0]["source"]
    parameters.setdefault(parameter, []).append({"source": source, **row})
    return parse_scheme(data)


@pytest.mark.parametrize("code", sorted(shipped_schemes()))
def test_a_case_stands_below_at_and_above_every_boundary(code: str) -> None:
    missing = lacking(shipped_schemes()[code], own_cases(code))
    assert not missing, "\n" + "\n".join(missing)


def test_no_golden_case_slips_away() -> None:
    assert Counter(case.values[0] for case in cases()) == GOLDEN_CASES


@pytest.mark.parametrize("code", sorted(shipped_schemes()))
def test_a_case_taken_away_is_missed_where_it_stood_alone(code: str) -> None:
    scheme, own = shipped_schemes()[code], own_cases(code)
    spots = drawn(scheme)
    standing = [stands_at(scheme, case, spots) for case in own]
    crowd: Counter[Spot] = Counter(spot for one in standing for spot in one)
    alone = [(n, {spot for spot in one if crowd[spot] == 1}) for n, one in enumerate(standing)]
    nth, only = max(alone, key=lambda pair: len(pair[1]))
    assert only
    told = lacking(scheme, own[:nth] + own[nth + 1 :])
    missing = {sentence(spot) for spot in spots if spot not in crowd}
    assert set(told) - missing == {sentence(spot) for spot in only}


SINCE = "2033-03-01"
# A row from that day on, and what is said to be missing then: of what, and where beside it.
ASKED = [
    (
        ("tianjin-critical-illness", 0, "deductible", {"value": "25000.00"}),
        [
            (f"everybody else: deductible 25,000.00 from {SINCE}", "a fen below it"),
            (f"preferential: deductible 12,500.00 from {SINCE}", "a fen above it"),
            (
                "everybody else: a value of deductible ends on 2033-02-28",
                "the day before (2033-02-27)",
            ),
            (f"preferential: a value of deductible begins on {SINCE}", f"on the day ({SINCE})"),
        ],
    ),
    (
        (
            "yongqiao-critical-illness",
            0,
            "bands",
            {"value": [{"upto": "60000.00", "rate": "0.60"}, {"rate": "0.80"}]},
        ),
        [(f"band up to 60,000.00, at a base of 60,000.00 from {SINCE}", "exactly at it")],
    ),
    (
        ("ejin-horo-supplementary", 0, "franchise", {"value": "1800.00"}),
        [
            (
                f"ejin-horo-supplementary, supplementary, anybody: franchise 1,800.00 from {SINCE}",
                "exactly at it",
            )
        ],
    ),
    (
        ("taojiang-one-stop", 2, "targets", {"value": {"low_income": {"referred": "0.90"}}}),
        [
            (f"guarantee, low_income: target referred 90 % from {SINCE}", "a fen above it"),
            (
                f"low_income: a value of targets low_income referred begins on {SINCE}",
                "the day after (2033-03-02)",
            ),
        ],
    ),
    (
        ("yongshun-resident", 0, "maternity_limits", {"value": {"natural": "1400.00"}}),
        [
            (f"maternity_limits natural 1,400.00 from {SINCE}", "a fen below it"),
            (
                "a value of maternity_limits caesarean ends on 2033-02-28",
                "on the day (2033-02-28)",
            ),
        ],
    ),
    (
        ("yongshun-resident", 0, "inpatient_points", {"value": {"low_income": "0.10"}}),
        [
            (
                f"basic, low_income: inpatient_deductible county 500.00 from {SINCE}",
                "exactly at it",
            ),
            (
                f"basic, low_income: a value of inpatient_points low_income begins on {SINCE}",
                f"on the day ({SINCE})",
            ),
        ],
    ),
    (
        ("yongshun-resident", 2, "year_ceiling", {"value": "60000.00"}),
        [(f"medical_aid, at_risk: year_ceiling 60,000.00 from {SINCE}", "a fen below it")],
    ),
]


@pytest.mark.parametrize(
    ("row", "sentences"), [pytest.param(*one, id=f"{one[0][0]} {one[0][2]}") for one in ASKED]
)
def test_a_new_row_asks_for_cases_of_its_own(
    row: tuple[str, int, str, dict[str, Any]], sentences: list[tuple[str, str]]
) -> None:
    code, layer, parameter, given = row
    scheme = changed(code, layer, parameter, {"starts_on": SINCE, **given})
    told = lacking(scheme, own_cases(code))
    for what, where in sentences:
        words = f"{what}: no golden case {where}"
        assert any(line.endswith(words) for line in told), (words, told)


def test_a_row_that_repeats_a_value_asks_for_nothing() -> None:
    row = {"starts_on": SINCE, "value": "12000.00", "confirmed": True}
    scheme = changed("yongqiao-critical-illness", 0, "deductible", row)
    assert lacking(scheme, own_cases("yongqiao-critical-illness")) == []


def test_an_age_group_asks_for_the_days_around_the_birthday() -> None:
    scheme = changed("yongshun-resident", 0, "age_groups", {"value": {"child": {"under": 18}}})

    def told(*birthdays: str) -> list[str]:
        stay = {"id": "a", "kind": "inpatient", "discharged_on": "2026-05-01", "at": "county"}
        return [
            line
            for line in lacking(
                scheme,
                [
                    {
                        "born_on": day,
                        "claims": [{**stay, "total": "1000.00"}],
                        "expect": {"a": {"basic": "375.00"}},
                    }
                    for day in birthdays
                ],
            )
            if "age group" in line
        ]

    assert told("2008-05-03") == [
        f"yongshun-resident, basic, anybody: age group child, 18 years: no golden case {day}"
        for day in ("the day before", "on the day", "the day after")
    ]
    assert told("2008-05-02", "2008-05-01", "2008-04-30") == []


def test_a_case_that_expects_nothing_of_the_layer_does_not_count() -> None:
    code = "yongqiao-critical-illness"
    silent = [
        {**case, "expect": {name: {"personal": "0.00"} for name in case["expect"]}}
        for case in own_cases(code)
    ]
    scheme = shipped_schemes()[code]
    assert lacking(scheme, silent) == [sentence(spot) for spot in drawn(scheme)]


def every_parameter() -> Iterator[tuple[str, str]]:
    for kind, layer in LAYER_KINDS.items():
        for name in {**layer.REQUIRED, **layer.OPTIONAL}:
            yield kind, name


def test_of_every_parameter_it_is_known_whether_it_draws_a_limit() -> None:
    known = {*AMOUNTS, *KEYED, *OWN}
    assert not {
        place
        for place in every_parameter()
        if place not in known and place[1] not in SHARES and place[1] != "age_groups"
    }
