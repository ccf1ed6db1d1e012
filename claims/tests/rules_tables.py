"""The tables of `docs/rules`, read and recalculated, so that the pages stay true.

A table is checked as the comment above it says:

    <!-- worked: <scheme>[; <identities>][; in columns][; as they come] -->
    <!-- values: <scheme> <layer>: <parameter>, … -->     by level, identity, disease, delivery
    <!-- dated: <scheme> <layer>: <parameter> -->          by first day
    <!-- bands: <scheme> <layer> -->
    <!-- favours: <scheme> <layer> -->

In a worked table each row (or column) is a claim; its headings are the words below. A cell
is a number, an expression (`(31,900 − 21,900) × 60 %`), or several that are equal.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from claims.benefit.adjudication import adjudicate, adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.benefit.parameters import ALWAYS
from claims.benefit.steps import decode_steps
from claims.benefit.types import FILINGS, Accumulators, Outcome
from claims.quoting.reading import read_request
from enrollment.values.money import to_fen

_COMMENT = re.compile(r"<!-- (worked|values|dated|bands|favours): (.*?) -->")
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Table:
    """A table with the line it begins at, and how it is to be checked (empty: not said)."""

    line: int
    check: str
    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def has_numbers(self) -> bool:
        return any(_NUMBER.search(cell) for row in self.rows for cell in row)


def tables(text: str) -> Iterator[Table]:
    """The tables of a page."""
    lines = text.splitlines()
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].startswith("|"):
            end += 1
        if end > start:
            said = _COMMENT.fullmatch(lines[start - 1]) if start else None
            cells = [_cells(line) for line in lines[start:end]]
            check, about = said.groups() if said else ("", "")
            yield Table(start + 1, check, about, cells[0], tuple(cells[2:]))
        start = end + 1


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("**", "") for cell in line.strip().strip("|").split("|"))


# --- numbers ------------------------------------------------------------------------------

_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value(cell: str) -> Fraction:
    """A number or expression; `a = b` must be equal. Raises ValueError for anything else."""
    sides = {_evaluate(side) for side in cell.split("=")}
    if len(sides) != 1:
        raise ValueError(f"{cell!r} are not equal: {sides}")
    return sides.pop()


def _evaluate(text: str) -> Fraction:
    plain = text.replace(",", "").replace("−", "-").replace("×", "*").replace("%", "/100")
    try:
        return _number(ast.parse(plain.strip(), mode="eval").body, plain)
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no expression") from error


def _number(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(text.strip(), node) or "")
    if isinstance(node, ast.BinOp):
        work = _OPERATIONS[type(node.op)]
        return Fraction(work(_number(node.left, text), _number(node.right, text)))
    raise ValueError(f"{text!r} is no expression")


def same_amount(cell: str, fen: int) -> bool:
    """Whether the cell, rounded half up, is the amount."""
    return (value(cell) * 100 + Fraction(1, 2)).__floor__() == fen


def same_rate(cell: str, ppm: int) -> bool:
    """Whether the cell is the rate in millionths."""
    return value(cell) * 1_000_000 == ppm


# --- worked tables ------------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "stay": {"kind": "inpatient"},
    "special outpatient": {"kind": "special_outpatient"},
    "general outpatient": {"kind": "general_outpatient"},
    "chronic outpatient": {"kind": "general_outpatient", "chronic": True},
    "medicines for hypertension": {"kind": "two_diseases", "diseases": ["hypertension"]},
    "medicines for diabetes": {"kind": "two_diseases", "diseases": ["diabetes"]},
    "medicines for both": {"kind": "two_diseases", "diseases": ["hypertension", "diabetes"]},
    "natural birth": {"kind": "maternity", "delivery": "natural"},
    "caesarean": {"kind": "maternity", "delivery": "caesarean"},
}
COSTS = {
    "total": "total",
    "excluded": "excluded",
    "over limit": "over_limit",
    "first self-pay": "first_self_pay",
}
PRIOR = {
    "basic before": "basic",
    "critical illness before": "critical_illness",
    "medical aid before": "medical_aid",
    "poverty relief before": "poverty",
}
FACTS = ("discharge", "kind", *COSTS, *PRIOR)
# Figures of the steps: code, then which heading is which sum of the step's figures.
STEPS: dict[str, dict[str, tuple[int, ...]]] = {
    "D": {"deductible applied": (2,)},
    "d": {"deductible applied": (1,)},
    "R": {"rate": (1,)},
    "S": {"rate": (1,)},
    "O": {"rate": (1,)},
    "T": {"rate": (2,)},
    "B": {"rate": (2,)},
    "t": {"left of the year": (1,)},
    "c": {"left of the year": (0,)},
    "C": {"left of the year": (0,)},
    "b": {"limit": (1,)},
    "A": {"base of the year": (0, 1)},
    "U": {"deductible": (0,)},
    "X": {"deductible": (0,), "excess": (1,)},
    "Z": {"deductible": (0,)},
    "Y": {"entitlement": (0,), "paid before": (1,)},
    "M": {"aid rate": (3,)},
    "G": {"target": (3,)},
    "I": {"part 1": (3,)},
    "o": {"out of policy of the year": (0, 1)},
    "Q": {"part 2": (4,)},
    "r": {"chronic cost of the year": (0, 1)},
    "q": {"part 3": (4,)},
}


def check_worked(table: Table) -> list[str]:
    """What is wrong in a worked table."""
    scheme, *words = (part.strip() for part in table.about.split(";"))
    turned = "in columns" in words
    as_they_come = "as they come" in words
    named = [word for word in words if word not in ("in columns", "as they come")]
    identities = [one.strip().replace(" ", "_") for word in named for one in word.split(",")]
    names, claims = _claims_of(table, turned)
    line = {
        "scheme": scheme,
        "person": {"assistance": identities},
        "claims": [
            {"id": f"{index:03d}", **_claim(names, cells)} for index, cells in enumerate(claims)
        ],
    }
    wrong = []
    for index, (outcome, figures) in _calculated(line, as_they_come).items():
        for name, cell in zip(names, claims[index], strict=True):
            if name in FACTS or name.startswith("("):
                continue
            if problem := _compare(name, cell, figures):
                wrong.append(f"claim {index + 1} of {outcome.claim.discharged_on}: {problem}")
    return wrong


def _claims_of(table: Table, turned: bool) -> tuple[list[str], list[tuple[str, ...]]]:
    if not turned:
        return list(table.head), list(table.rows)
    names = [row[0] for row in table.rows]
    return names, list(zip(*(row[1:] for row in table.rows), strict=True))


def _claim(names: list[str], cells: tuple[str, ...]) -> dict[str, Any]:
    given = dict(zip(names, cells, strict=True))
    kind, *place = (part.strip() for part in given["kind"].split(","))
    claim: dict[str, Any] = {"discharged_on": given["discharge"], **KINDS[kind]}
    if place:
        level = place[0].removesuffix(" outside")
        claim["institution"] = {"level": level, "in_county": level == place[0]}
    for word in place[1:]:
        assert word in FILINGS, word
        claim["filing"] = word
    claim |= {key: _yuan(given[name]) for name, key in COSTS.items() if given.get(name)}
    prior = {key: _yuan(given[name]) for name, key in PRIOR.items() if given.get(name)}
    return {**claim, "already_paid": prior} if prior else claim


def _yuan(cell: str) -> str:
    return cell.replace(",", "")


def _calculated(
    line: dict[str, Any], as_they_come: bool
) -> dict[int, tuple[Outcome, dict[str, int | None]]]:
    request = read_request(line, shipped_schemes())
    standing = Accumulators(0)
    outcomes: list[Outcome] = []
    if as_they_come:
        for claim in request.claims:
            if claim.discharged_on.year != standing.year:
                standing = Accumulators(claim.discharged_on.year)
            outcomes.append(adjudicate(request.scheme, request.person, claim, standing))
            standing = standing.after(outcomes[-1].movements)
    else:
        outcomes += adjudicate_year(request.scheme, request.person, request.claims)
    return {int(outcome.claim.id): (outcome, _figures(outcome)) for outcome in outcomes}


def _figures(outcome: Outcome) -> dict[str, int | None]:
    """Every figure of a claim by its heading, in fen or millionths; None where it has none."""
    figures: dict[str, int | None] = {
        heading: None for headings in STEPS.values() for heading in headings
    }
    figures["left in policy"] = None
    for layer in outcome.breakdown.layers:
        figures[layer.layer.replace("_", " ")] = to_fen(layer.paid)
        for step in decode_steps(layer.steps)[0]:
            for heading, places in STEPS.get(step.code, {}).items():
                figures[heading] = sum(int(step.figures[place]) for place in places)
            if step.code in "MF":
                left = int(step.figures[0]) - int(step.figures[1])
                figures["left in policy"] = max(left, 0)
            if step.code == "F":
                figures["part 1"] = 0
    figures["in-policy cost"] = to_fen(outcome.breakdown.in_policy)
    figures["out of policy"] = to_fen(outcome.claim.total - outcome.breakdown.in_policy)
    figures["personal"] = to_fen(outcome.breakdown.personal)
    return figures


def _compare(name: str, cell: str, figures: dict[str, int | None]) -> str:
    if name not in figures:
        return f"no such heading: {name!r}"
    figure = figures[name]
    if not cell:
        return "" if figure is None else f"{name} is empty, but there is {figure}"
    if figure is None:
        return f"{name} says {cell}, but there is none"
    same = same_rate if name in ("rate", "aid rate") else same_amount
    return "" if same(cell, figure) else f"{name} says {cell}, but it is {figure}"


# --- tables of parameters -----------------------------------------------------------------


def _parameter(scheme: str, layer: str, name: str) -> Any:
    return shipped_schemes()[scheme].layer(layer).series[name]


def check_values(table: Table) -> list[str]:
    """Rows by key, columns by parameter; the keys are those of the newest row, all of them."""
    where, _, names = table.about.partition(":")
    scheme, layer = where.split()
    wrong = []
    for column, name in enumerate(names.split(","), 1):
        told = {row[0].replace(" ", "_"): row[column] for row in table.rows}
        rows = [row for row in _parameter(scheme, layer, name.strip()).rows if row.value]
        held = rows[-1].value
        rate = name.strip().endswith(("rate", "rates", "points"))
        same = same_rate if rate else same_amount
        if told.keys() != held.keys():
            wrong.append(f"{name}: the page has {sorted(told)}, the scheme {sorted(held)}")
            continue
        wrong += [
            f"{name} of {key} says {cell}, but it is {held[key]}"
            for key, cell in told.items()
            if not same(cell, held[key])
        ]
    return wrong


def check_dated(table: Table) -> list[str]:
    """One row per first day ("always" for the row without)."""
    where, _, name = table.about.partition(":")
    scheme, layer = where.split()
    rows = _parameter(scheme, layer, name.strip()).rows
    told = [
        (ALWAYS if day == "always" else date.fromisoformat(day), value(cell) * 100)
        for day, cell, *_ in table.rows
    ]
    held = [(row.starts_on, Fraction(row.value)) for row in rows]
    return [] if told == held else [f"the page has {told}, the scheme {held}"]


def check_bands(table: Table) -> list[str]:
    """Band by band: "to 100,000" or "above", and the rate."""
    scheme, layer = table.about.split()
    (row,) = _parameter(scheme, layer, "bands").rows
    told = [
        (None if upto == "above" else value(upto.removeprefix("to ")) * 100, value(rate))
        for upto, rate, *_ in table.rows
    ]
    held = [
        (None if band.upto is None else Fraction(band.upto), Fraction(band.rate, 1_000_000))
        for band in row.value
    ]
    return [] if told == held else [f"the page has {told}, the scheme {held}"]


def check_favours(table: Table) -> list[str]:
    """By identity: share of the deductible, points, ceiling ("none" or "stays")."""
    scheme, layer = table.about.split()
    rows = [row for row in _parameter(scheme, layer, "favours").rows if row.value]
    held = {
        key: (
            Fraction(favour.deductible_factor, 1_000_000),
            Fraction(favour.points, 1_000_000),
            favour.unlimited,
        )
        for key, favour in rows[-1].value.items()
    }
    told = {
        name.replace(" ", "_"): (value(factor), value(points), ceiling == "none")
        for name, factor, points, ceiling in table.rows
    }
    return [] if told == held else [f"the page has {told}, the scheme {held}"]


CHECKS: dict[str, Callable[[Table], list[str]]] = {
    "worked": check_worked,
    "values": check_values,
    "dated": check_dated,
    "bands": check_bands,
    "favours": check_favours,
}
