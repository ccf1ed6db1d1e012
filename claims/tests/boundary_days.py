"""The days on which a scheme changes, derived from its rows.

A turn is a day on which one row begins and another ends, and with them the value of one entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from claims.benefit.parameters import ALWAYS, Row, Series
from claims.benefit.scheme import Scheme
from claims.tests.boundaries import DAY, DAY_WORDS, TABLES, Group, groups_on, who


@dataclass(frozen=True)
class Turn:
    """A day on which the value of an entry changes: the first of one row, the last of another."""

    scheme: str
    layer: str
    parameter: str
    key: tuple[str, ...]
    group: Group
    starts_on: date

    @property
    def days(self) -> tuple[date, ...]:
        """The last day of the old value and the first of the new one, each with a day around."""
        return tuple(self.starts_on + n * DAY for n in (-2, -1, 0, 1))

    def say(self, day: date) -> str:
        what = " ".join((self.parameter, *self.key))
        edge = self.starts_on if day >= self.starts_on else self.starts_on - DAY
        side = "begins" if edge == self.starts_on else "ends"
        words = DAY_WORDS[(day - edge).days]
        return (
            f"{self.scheme}, {self.layer}, {who(self.group)}: a value of {what} {side} on {edge}: "
            f"no golden case {words} ({day})"
        )


def turns_of(scheme: Scheme) -> list[Turn]:
    """All days on which an entry changes its value, for whom it does."""
    found = []
    for layer in scheme.layers:
        for parameter, series in layer.series.items():
            old: Any = None
            for row in series.rows:
                if row.starts_on != ALWAYS:
                    for key in _changed(old, row.value):
                        named = parameter == TABLES.get(layer.KIND, ("",))[0]
                        groups: list[Group] = [frozenset(key[:1])] if named else []
                        found += [
                            Turn(scheme.code, layer.code, parameter, key, group, row.starts_on)
                            for group in groups or groups_on(layer, parameter, row.starts_on)
                        ]
                old = row.value
    return found


def _changed(old: Any, new: Any) -> list[tuple[str, ...]]:
    """The keys of the entries that differ; one empty key for a value that is no table."""
    if not isinstance(old, Mapping) and not isinstance(new, Mapping):
        return [] if old == new else [()]
    keys: dict[tuple[str, ...], None] = {}
    for key in [*(old or {}), *(new or {})]:
        one, two = (old or {}).get(key), (new or {}).get(key)
        keys.update({(key, *rest): None for rest in _changed(one, two)})
    return list(keys)


def swapped(scheme: Scheme, turn: Turn, day: date) -> Scheme:
    """The scheme in which the entry has, on that day alone, the value of the other side."""
    layer = scheme.layer(turn.layer)
    rows = layer.series[turn.parameter].rows
    now = layer.series[turn.parameter].on(day)
    other = layer.series[turn.parameter].on(
        turn.starts_on - DAY if day >= turn.starts_on else turn.starts_on
    )
    source = rows[0].source
    kept = now.value if now else None
    given = _with(kept, turn.key, _entry(other.value if other else None, turn.key))
    changed = [row for row in rows if row.starts_on < day] + [Row(given, source, day)]
    if not any(row.starts_on == day + DAY for row in rows):
        changed.append(Row(kept, source, day + DAY))
    changed += [row for row in rows if row.starts_on > day]
    own = replace(layer, series={**layer.series, turn.parameter: Series(tuple(changed))})
    layers = tuple(own if one is layer else one for one in scheme.layers)
    return Scheme(scheme.code, scheme.name, layers, scheme.sources)


def _entry(value: Any, key: tuple[str, ...]) -> Any:
    for part in key:
        value = (value or {}).get(part)
    return value


def _with(value: Any, key: tuple[str, ...], entry: Any) -> Any:
    if not key:
        return entry
    table = dict(value or {})
    inner = _with(table.get(key[0]), key[1:], entry)
    if inner is None:
        table.pop(key[0], None)
    else:
        table[key[0]] = inner
    return table
