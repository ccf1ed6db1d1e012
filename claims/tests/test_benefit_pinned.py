"""Every figure of every scheme is pinned by a golden case: moved a little, some case fails."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import SHIPPED, parse_scheme
from claims.benefit.parameters import SchemeError
from claims.benefit.scheme import Scheme
from claims.benefit.types import ClaimRefused
from claims.quoting.reading import read_request
from claims.tests.test_benefit_golden import cases, line_of

Path = tuple[str | int, ...]
# More than the yearly limit of deductibles: no claim can show it.
HIDDEN = {("province", "1500.01")}
SHARES = ("rate", "rates", "points", "factor", "targets")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every quoted figure and every first day, with its place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index))
    elif isinstance(value, date) or (isinstance(value, str) and value.lstrip("-")[:1].isdigit()):
        yield path, value


def moved(value: Any, path: Path) -> Iterator[Any]:
    """A fen, or a tenth of a point, more and less; a day later and earlier."""
    if isinstance(value, date):
        yield from (value + timedelta(1), value - timedelta(1))
        return
    if any(str(part).endswith(SHARES) for part in path):
        step = Decimal("0.001")
    else:
        # A band's bound moves the sum by the difference of two rates only: a yuan then.
        step = Decimal("1.00" if path[-1] == "upto" else "0.01")
    yield from (str(Decimal(value) + step), str(Decimal(value) - step))


def changes() -> list[Any]:
    found = []
    for file in sorted(SHIPPED.glob("*.yaml")):
        data = yaml.safe_load(file.read_text())
        for index, layer in enumerate(data["layers"]):
            for path, value in leaves(layer["parameters"], ("layers", index, "parameters")):
                found.append(
                    pytest.param(
                        file.stem, path, value, id=f"{file.stem} {'.'.join(map(str, path))}"
                    )
                )
    return found


def with_change(scheme: str, path: Path, value: Any) -> Scheme:
    data = deepcopy(DATA[scheme])
    spot: Any = data
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return parse_scheme(data)


DATA = {file.stem: yaml.safe_load(file.read_text()) for file in SHIPPED.glob("*.yaml")}
CASES = [case.values for case in cases()]


def holds(scheme: Scheme, case: dict[str, Any]) -> bool:
    request = read_request(line_of(scheme.code, case), {scheme.code: scheme})
    try:
        outcomes = adjudicate_year(scheme, request.person, request.claims)
    except ClaimRefused:
        return False
    for outcome in outcomes:
        expected = case["expect"][outcome.claim.id]
        for layer in outcome.breakdown.layers:
            if expected.get(layer.layer, str(layer.paid)) != str(layer.paid):
                return False
    return True


@pytest.mark.parametrize(("scheme", "path", "value"), changes())
def test_a_figure_moved_a_little_breaks_a_case(scheme: str, path: Path, value: Any) -> None:
    own = [case for code, case in CASES if code == scheme]
    for other in moved(value, path):
        if (path[-1], other) in HIDDEN:
            continue
        try:
            changed = with_change(scheme, path, other)
        except SchemeError:
            continue  # a rate above 100 % or below 0 is refused already
        assert not all(holds(changed, case) for case in own), f"{value} → {other}"
