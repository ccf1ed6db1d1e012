"""Every number in the tables of `docs/rules` is recalculated."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.tests.rules_tables import CHECKS, Table, same_amount, tables, value

RULES = Path(settings.BASE_DIR) / "docs" / "rules"
# Their tables are checked where they are made: `test_rules_own_scheme.py`, `test_whatif.py`.
ELSEWHERE = {"a-scheme-of-ones-own.md", "what-if.md"}
PAGES = {
    "critical-illness-cumulative.md",
    "ejin-horo-supplementary.md",
    "settlement.md",
    "taojiang-one-stop.md",
    "two-diseases-and-maternity.md",
    "yongshun-resident.md",
}


def found() -> list[Any]:
    return [
        pytest.param(table, id=f"{name}:{table.line}")
        for name in sorted(PAGES)
        for table in tables((RULES / name).read_text())
        if table.has_numbers
    ]


@pytest.mark.parametrize("table", found())
def test_a_table_says_what_the_calculator_pays(table: Table) -> None:
    assert table.check, "say in a comment above the table how it is to be checked"
    assert table.rows
    assert CHECKS[table.check](table) == []


def test_every_scheme_of_the_pages_is_worked_out() -> None:
    worked = {
        table.about.split(";")[0]
        for name in PAGES
        for table in tables((RULES / name).read_text())
        if table.check == "worked"
    }
    assert worked == {
        "ejin-horo-supplementary",
        "taojiang-one-stop",
        "tianjin-critical-illness",
        "yongqiao-critical-illness",
        "yongshun-resident",
    }


WORKED = """<!-- worked: yongqiao-critical-illness -->
| discharge | kind | total | entitlement | critical illness |
|---|---|---:|---:|---:|
| 2021-03-10 | stay | 30,000.00 | 18,000 × 60 % = 10,800 | {} |
"""


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("10,800.00", True),
        ("18,000 × 60 %", True),
        ("10,800.01", False),
        ("10,799.99", False),
        ("", False),
    ],
)
def test_a_wrong_number_is_found(cell: str, right: bool) -> None:
    (table,) = tables(WORKED.format(cell))
    assert (CHECKS["worked"](table) == []) == right


def test_a_heading_that_is_none_is_found() -> None:
    (table,) = tables(WORKED.format("10,800.00").replace("entitlement", "entitlment"))
    assert CHECKS["worked"](table) == ["claim 1 of 2021-03-10: no such heading: 'entitlment'"]


@pytest.mark.parametrize(
    ("check", "about", "row"),
    [
        ("bands", "yongqiao-critical-illness critical_illness", "| to 50,000 | 60 % |"),
        ("dated", "tianjin-critical-illness critical_illness: deductible", "| always | 21,200 |"),
        ("values", "yongshun-resident basic: inpatient_rate", "| township | 90 % |"),
        (
            "favours",
            "taojiang-one-stop critical_illness",
            "| registered poor | 50 % | 1 % | none |",
        ),
    ],
)
def test_an_incomplete_or_wrong_table_of_parameters_is_found(
    check: str, about: str, row: str
) -> None:
    (table,) = tables(f"<!-- {check}: {about} -->\n| a | b |\n|---|---|\n{row}\n")
    assert CHECKS[check](table) != []


def test_cells_are_exact_expressions() -> None:
    assert value("(31,900 − 21,900) × 60 % = 6,000.00") == 6000
    assert value("75 % + 10 % = 85 %") == Fraction(17, 20)
    assert same_amount("0.05 × 70 %", 4)
    for wrong in ("1 = 2", "six", "", "2 ** 3", "f(1)"):
        with pytest.raises((ValueError, KeyError)):
            value(wrong)
