"""What a comparison keeps: sums by group, residents by what changes, the largest changes.

Imports no Django. Amounts are whole fen; a difference is draft − approved.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import Any

from claims.benefit.scheme import Scheme
from claims.chunks.calculation import SettledRow

# The first completed year of each age group, on the day of discharge.
AGE_FLOORS = (0, 7, 18, 45, 60, 70, 80)
AGE_BANDS = tuple(str(floor) for floor in AGE_FLOORS)
_BAND_OF_AGE = tuple(AGE_BANDS[bisect_right(AGE_FLOORS, age) - 1] for age in range(AGE_FLOORS[-1]))
# Upper ends (inclusive) of the groups of residents by how much changes for them, in fen.
CHANGE_LIMITS = (10_000, 100_000, 500_000, 2_000_000)

# Dimensions of a claim, in the order of its key.
DIMENSIONS = ("identity", "level", "place", "kind", "age")
IN_COUNTY, OUTSIDE = "in_county", "outside"

Key = tuple[str, str, bool, str, str]


def age_band(age: int) -> str:
    """The group of an age in completed years, named by its first year.

    >>> age_band(6), age_band(7), age_band(103)
    ('0', '7', '80')
    """
    return _BAND_OF_AGE[max(age, 0)] if age < AGE_FLOORS[-1] else AGE_BANDS[-1]


def change_band(difference: int) -> int:
    """−5 … −1 for losses, 0 for no change, 1 … 5 for gains, by CHANGE_LIMITS.

    >>> change_band(0), change_band(10_000), change_band(10_001), change_band(-2_000_001)
    (0, 1, 2, -5)
    """
    if difference == 0:
        return 0
    size = bisect_left(CHANGE_LIMITS, abs(difference)) + 1
    return size if difference > 0 else -size


@dataclass
class LayerColumns:
    """The layers of both schemes as one row of columns; a layer is its code and its payer."""

    base: Scheme
    draft: Scheme
    columns: list[tuple[str, str]] = field(init=False)
    of_base: list[int] = field(init=False)
    of_draft: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """The approved scheme's layers in order, then those that only the draft has."""
        base = [(layer.code, layer.payer) for layer in self.base.layers]
        draft = [(layer.code, layer.payer) for layer in self.draft.layers]
        self.columns = [*base, *(one for one in draft if one not in base)]
        self.of_base = [self.columns.index(one) for one in base]
        self.of_draft = [self.columns.index(one) for one in draft]

    def as_data(self) -> list[dict[str, str]]:
        """Code, payer and both names of each column."""
        names = {
            (layer.code, layer.payer): layer.name
            for scheme in (self.draft, self.base)
            for layer in scheme.layers
        }
        return [
            {"code": code, "payer": payer, "zh": name.in_("zh"), "en": name.in_("en")}
            for code, payer in self.columns
            for name in (names[code, payer],)
        ]


@dataclass(slots=True)
class Sums:
    """Claims of a group, and what each layer pays on them on each side."""

    base: list[int]
    draft: list[int]
    claims: int = 0
    total: int = 0
    more: int = 0
    less: int = 0

    def join(self, other: "Sums") -> None:
        """Add another group's sums."""
        self.claims += other.claims
        self.total += other.total
        self.more += other.more
        self.less += other.less
        for mine, theirs in ((self.base, other.base), (self.draft, other.draft)):
            mine[:] = [one + two for one, two in zip(mine, theirs, strict=True)]

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "claims": self.claims,
            "total": self.total,
            "more": self.more,
            "less": self.less,
            "base": self.base,
            "draft": self.draft,
        }


@dataclass(slots=True)
class Side:
    """What one side would pay on claims that were left out."""

    places: list[int]
    paid: list[int]

    def add(self, row: SettledRow) -> None:
        """Add a result of this side."""
        for place, fen in zip(self.places, row.paid, strict=True):
            self.paid[place] += fen


@dataclass(slots=True)
class Person:
    """A resident's year on both sides; identity and age are those of the last claim."""

    id: int
    claims: int = 0
    base: int = 0
    draft: int = 0
    identity: str = ""
    age: str = ""


@dataclass(slots=True)
class People:
    """Residents of a group: how many gain and lose, and how much together."""

    persons: int = 0
    gainers: int = 0
    losers: int = 0
    gained: int = 0
    lost: int = 0

    def add(self, difference: int) -> None:
        """Add one resident."""
        self.persons += 1
        if difference > 0:
            self.gainers += 1
            self.gained += difference
        elif difference < 0:
            self.losers += 1
            self.lost -= difference


class Found:
    """Everything that a comparison has found so far."""

    def __init__(self, columns: LayerColumns, *, largest: int) -> None:
        """Begin with nothing; `largest` residents are kept of each side."""
        self.columns = columns
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.left_out_first: list[list[Any]] = []
        width = len(columns.columns)
        self.left_out_base = Side(columns.of_base, [0] * width)
        self.left_out_draft = Side(columns.of_draft, [0] * width)
        self._width = width
        self._largest = largest
        self._cells: dict[Key, Sums] = {}
        self._layer_claims = [[0] * width, [0] * width]
        self._people: dict[tuple[str, str], People] = {}
        self._bands: Counter[int] = Counter()
        self._band_sums: Counter[int] = Counter()
        self._gainers: list[tuple[int, int, Person]] = []
        self._losers: list[tuple[int, int, Person]] = []

    def add_claim(
        self, key: Key, total: int, base: SettledRow, draft: SettledRow, difference: int
    ) -> None:
        """Add one claim to its cell."""
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = self._nothing()
        cell.claims += 1
        cell.total += total
        if difference > 0:
            cell.more += 1
        elif difference < 0:
            cell.less += 1
        for sums, counts, places, paid in (
            (cell.base, self._layer_claims[0], self.columns.of_base, base.paid),
            (cell.draft, self._layer_claims[1], self.columns.of_draft, draft.paid),
        ):
            for place, fen in zip(places, paid, strict=True):
                if fen:
                    sums[place] += fen
                    counts[place] += 1

    def add_person(self, person: Person) -> None:
        """Add one resident's year."""
        difference = person.draft - person.base
        group = person.identity, person.age
        if group not in self._people:
            self._people[group] = People()
        self._people[group].add(difference)
        band = change_band(difference)
        self._bands[band] += 1
        self._band_sums[band] += difference
        if difference:
            heap = self._gainers if difference > 0 else self._losers
            # Of equal changes the resident with the lower number stays.
            entry = (abs(difference), -person.id, person)
            if len(heap) < self._largest:
                heappush(heap, entry)
            else:
                heappushpop(heap, entry)

    def as_data(self) -> dict[str, Any]:
        """The result as JSON keeps it: whole fen, lists, short words."""
        whole = self._nothing()
        for cell in self._cells.values():
            whole.join(cell)
        people = People()
        for one in self._people.values():
            _join(people, one)
        return {
            "layers": [
                {**layer, "base_claims": base, "draft_claims": draft}
                for layer, base, draft in zip(
                    self.columns.as_data(), *self._layer_claims, strict=True
                )
            ],
            "whole": whole.as_data(),
            "people": _counts(people),
            "groups": {
                name: list(self._by_dimension(place)) for place, name in enumerate(DIMENSIONS)
            },
            "people_by": {
                "identity": list(self._people_by(0)),
                "age": list(self._people_by(1)),
            },
            "bands": [
                {"band": band, "persons": self._bands[band], "sum": self._band_sums[band]}
                for band in range(-len(CHANGE_LIMITS) - 1, len(CHANGE_LIMITS) + 2)
            ],
            "gainers": _ranked(self._gainers),
            "losers": _ranked(self._losers),
            "left_out": {
                "reasons": [[*key, count] for key, count in sorted(self.left_out.items())],
                "first": self.left_out_first,
                "base": self.left_out_base.paid,
                "draft": self.left_out_draft.paid,
            },
        }

    def _nothing(self) -> Sums:
        return Sums([0] * self._width, [0] * self._width)

    def _by_dimension(self, place: int) -> Iterator[dict[str, Any]]:
        groups: dict[str, Sums] = {}
        for key, cell in self._cells.items():
            name = key[place]
            if isinstance(name, bool):
                name = IN_COUNTY if name else OUTSIDE
            groups.setdefault(name, self._nothing()).join(cell)
        for name in sorted(groups):
            yield {"key": name, **groups[name].as_data()}

    def _people_by(self, place: int) -> Iterator[dict[str, Any]]:
        groups: dict[str, People] = {}
        for key, one in self._people.items():
            _join(groups.setdefault(key[place], People()), one)
        for name in sorted(groups):
            yield {"key": name, **_counts(groups[name])}


def _join(people: People, other: People) -> None:
    people.persons += other.persons
    people.gainers += other.gainers
    people.losers += other.losers
    people.gained += other.gained
    people.lost += other.lost


def _counts(people: People) -> dict[str, int]:
    return {
        "persons": people.persons,
        "gainers": people.gainers,
        "losers": people.losers,
        "gained": people.gained,
        "lost": people.lost,
    }


def _ranked(heap: list[tuple[int, int, Person]]) -> list[dict[str, Any]]:
    """The largest change first."""
    return [
        {
            "person": one.id,
            "claims": one.claims,
            "base": one.base,
            "draft": one.draft,
            "identity": one.identity,
            "age": one.age,
        }
        for _size, _id, one in sorted(heap, key=lambda entry: entry[:2], reverse=True)
    ]
