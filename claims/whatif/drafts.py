"""A draft's values over those that hold. Imports no Django.

A draft is made for a year to come; what it would have meant is asked of a year that is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from claims.policies.assembly import Value


def held_from(first: date, beneath: Iterable[Value], draft: Sequence[Value]) -> list[Value]:
    """Both together, as if what the draft sets had held from `first` (inclusive) on.

    Of each parameter the draft's first value moves to `first` when it begins later, and what
    stood beneath from that day on gives way; the draft's later values keep their days. A value
    that begins by `first` holds already: nothing moves then.
    """
    by_parameter: defaultdict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in draft:
        by_parameter[value.key.layer, value.key.parameter].append(value)
    moved: list[Value] = []
    replaced = set()
    for parameter, values in by_parameter.items():
        earliest, *others = sorted(values, key=_first_day)
        if _first_day(earliest) > first:
            earliest = replace(earliest, key=earliest.key._replace(starts_on=first))
            replaced.add(parameter)
        moved += [earliest, *others]
    kept = [
        value
        for value in beneath
        if (value.key.layer, value.key.parameter) not in replaced or _first_day(value) < first
    ]
    return [*kept, *moved]


def _first_day(value: Value) -> date:
    """The first day, the earliest of all for a value that holds always."""
    return value.key.starts_on or date.min
