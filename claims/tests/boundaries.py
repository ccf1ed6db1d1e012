"""The limits that a scheme draws, derived from its rows.

A limit is an amount at which a benefit begins, ends or changes its rate: deductible, bound of a
band, ceiling, franchise, target share. It is drawn for a group: the identities that a layer
treats alike, or everybody else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from claims.benefit.layers import Layer
from claims.benefit.parameters import ALWAYS, MILLION
from claims.benefit.scheme import Scheme
from claims.benefit.steps import percent
from enrollment.values.money import format_yuan, from_fen

DAY = timedelta(1)
EVERYBODY: frozenset[str] = frozenset()  # whom the table by identity does not name
Group = frozenset[str] | None  # None: identities make no difference
AROUND = (-1, 0, 1)  # fen or days
FEN_WORDS = {-1: "a fen below it", 0: "exactly at it", 1: "a fen above it"}
DAY_WORDS = {-1: "the day before", 0: "on the day", 1: "the day after"}
# The table by identity of a layer kind, and the parameters whose effect it changes.
TABLES: Mapping[str, tuple[str, frozenset[str]]] = {
    "basic": (
        "inpatient_points",
        frozenset(
            {
                "inpatient_deductible",
                "inpatient_rate",
                "deductible_year_limit",
                "filing_points",
                "year_ceiling",
            }
        ),
    ),
    "critical_illness": ("favours", frozenset({"deductible", "bands", "year_ceiling"})),
    "medical_aid": ("rates", frozenset({"year_ceiling"})),
    "guarantee": ("targets", frozenset({"targets"})),
}
# Parameters that draw no limit of their own: shares, points, and what an identity improves.
SHARES = frozenset(
    {
        "inpatient_rate",
        "special_rate",
        "filing_points",
        "inpatient_points",
        "outpatient_rate",
        "two_diseases_rate",
        "maternity_rate",
        "favours",
        "rates",
        "out_of_policy_rate",
        "chronic_rate",
    }
)
# What is held against the limits: of amounts, of tables by key.
AMOUNTS: Mapping[tuple[str, str], str] = {
    ("basic", "deductible_year_limit"): "deductibles of the year",
    ("basic", "year_ceiling"): "paid in the year",
    ("basic", "outpatient_ceiling"): "paid for outpatient care in the year",
    ("critical_illness", "year_ceiling"): "entitlement",
    ("medical_aid", "year_ceiling"): "paid in the year",
    ("supplementary", "franchise"): "left of the in-policy cost",
    ("supplementary", "out_of_policy_deductible"): "out-of-policy cost of the year",
    ("supplementary", "chronic_deductible"): "chronic cost of the year",
}
KEYED: Mapping[tuple[str, str], str] = {
    ("basic", "inpatient_deductible"): "cost of a stay",
    ("basic", "two_diseases_ceilings"): "paid for medicines in the year",
    ("basic", "maternity_limits"): "due for a birth",
}
# Limits that are put together from several rows, or are a share of the claim's own cost.
OWN = frozenset(
    {
        ("critical_illness", "deductible"),
        ("critical_illness", "bands"),
        ("guarantee", "targets"),
        ("supplementary", "in_policy_rate"),
    }
)
BASE = "base of the year"
COVERED = "paid before, against the share"
AGE = "days since the birthday"


@dataclass(frozen=True)
class Limit:
    """A limit of one layer and group; `measure` names the amount that is held against it.

    `value` in fen; 0 where the limit is a share of the claim's own cost or a birthday.
    """

    scheme: str
    layer: str
    what: str
    measure: tuple[str, str]
    group: Group
    value: int
    first: date
    last: date
    sides: tuple[int, ...] = AROUND

    def say(self, side: int) -> str:
        words = DAY_WORDS if self.measure[0] == AGE else FEN_WORDS
        since = "" if self.first == ALWAYS else f" from {self.first}"
        until = "" if self.last == date.max else f" until {self.last}"
        return (
            f"{self.scheme}, {self.layer}, {who(self.group)}: {self.what}{since}{until}: "
            f"no golden case {words[side]}"
        )


def who(group: Group) -> str:
    """A group in words."""
    if group is None:
        return "anybody"
    return ", ".join(sorted(group)) if group else "everybody else"


def yuan(fen: int) -> str:
    """An amount as it is read."""
    return format_yuan(from_fen(fen))


def value_on(layer: Layer, name: str, day: date) -> Any:
    """The parameter's value in force, None when there is none."""
    row = layer.series[name].on(day) if name in layer.series else None
    return row.value if row else None


def table_on(layer: Layer, day: date) -> Mapping[str, Any]:
    """The layer's table by identity in force; empty where it has none."""
    name = TABLES.get(layer.KIND, ("", EVERYBODY))[0]
    return value_on(layer, name, day) or {}


def groups_on(layer: Layer, parameter: str, day: date) -> list[Group]:
    """The groups for which the layer's parameter has to be shown."""
    name, affected = TABLES.get(layer.KIND, ("", EVERYBODY))
    if parameter not in affected or name not in layer.series:
        return [None]
    table = table_on(layer, day)
    alike = [frozenset(k for k in table if table[k] == entry) for entry in table.values()]
    entitled = layer.KIND in ("medical_aid", "guarantee")
    return [*([] if entitled else [EVERYBODY]), *dict.fromkeys(alike)]


def limits_of(scheme: Scheme) -> list[Limit]:
    """All limits of a scheme; one that goes on unchanged over a new row is one limit."""
    found: list[Limit] = []
    for layer in scheme.layers:
        starts = {row.starts_on for series in layer.series.values() for row in series.rows}
        firsts = sorted(starts | {ALWAYS})
        lasts = [*(day - DAY for day in firsts[1:]), date.max]
        for first, last in zip(firsts, lasts, strict=True):
            for limit in _limits_on(scheme.code, layer, first, last):
                before = next((one for one in found if _goes_on(one, limit)), None)
                if before is None:
                    found.append(limit)
                else:
                    found[found.index(before)] = replace(before, last=limit.last)
    return found


def _goes_on(before: Limit, limit: Limit) -> bool:
    return before.last < limit.first and limit == replace(
        before, first=limit.first, last=limit.last
    )


def _limits_on(scheme: str, layer: Layer, first: date, last: date) -> Iterator[Limit]:
    for parameter in layer.series:
        if value_on(layer, parameter, first) is None:
            continue
        for group in groups_on(layer, parameter, first):
            for what, measure, value, sides in _drawn(layer, parameter, group, first):
                shown = what.replace("{}", yuan(value))
                yield Limit(scheme, layer.code, shown, measure, group, value, first, last, sides)


Drawn = tuple[str, tuple[str, str], int, tuple[int, ...]]


def _drawn(layer: Layer, parameter: str, group: Group, day: date) -> Iterator[Drawn]:
    """What the parameter draws for the group: words, measure, fen, sides that can be reached."""
    value, place = value_on(layer, parameter, day), (layer.KIND, parameter)
    if parameter == "age_groups":
        for code, ages in value.items():
            for years in {ages.start, ages.under} - {0, 1000}:
                yield f"age group {code}, {years} years", (AGE, str(years)), 0, AROUND
    elif place in AMOUNTS:
        yield f"{parameter} {{}}", (AMOUNTS[place], ""), value, _reachable(value)
    elif place in KEYED:
        most = value_on(layer, "deductible_year_limit", day)
        for key, fen in value.items():
            if parameter == "inpatient_deductible" and most is not None and fen > most:
                continue  # the limit of the year comes first, no stay can show it
            yield f"{parameter} {key} {{}}", (KEYED[place], key), fen, _reachable(fen)
    elif place == ("guarantee", "targets"):
        assert group
        for where, ppm in value[min(group)].items():
            # Nobody can be paid more than the total before.
            sides = (-1, 0) if ppm == MILLION else AROUND
            yield f"target {where} {percent(ppm)} %", (COVERED, where), 0, sides
    elif place == ("supplementary", "in_policy_rate"):
        yield f"in_policy_rate {percent(value)} %", (COVERED, ""), 0, AROUND
    elif layer.KIND == "critical_illness" and parameter in ("deductible", "bands"):
        yield from _scale(layer, parameter, group or EVERYBODY, day)
    else:
        assert parameter in SHARES, f"{place}: say in boundaries.py what this parameter limits"


def _scale(layer: Layer, parameter: str, group: frozenset[str], day: date) -> Iterator[Drawn]:
    full, table = value_on(layer, "deductible", day), table_on(layer, day)
    if full is None:
        return
    factor = table[min(group)].deductible_factor if group else MILLION
    deductible = (2 * full * factor + MILLION) // (2 * MILLION)  # half a fen rounds up
    if parameter == "deductible":
        yield "deductible {}", (BASE, ""), deductible, _reachable(deductible)
        return
    is_excess = layer.settings["band_base"] == "EXCESS"
    for band in value_on(layer, "bands", day):
        bound = None if band.upto is None else band.upto + (deductible if is_excess else 0)
        if bound is not None and bound > deductible:
            yield f"band up to {yuan(band.upto)}, at a base of {{}}", (BASE, ""), bound, AROUND


def _reachable(fen: int) -> tuple[int, ...]:
    return AROUND if fen else (0, 1)
