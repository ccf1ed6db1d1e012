"""What every layer kind is: parameters, counters, and a kernel bound to a context.

For speed a layer is *bound* once to everything that does not vary from claim to claim of
the same sort (period of the parameters, kind of visit, level, place, filing, identities).
The kernel that comes out is a closure over constants that works on integer fen.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple, cast

from claims.benefit.parameters import (
    ALWAYS,
    MILLION,
    Ages,
    Reader,
    Row,
    Series,
    Text,
    age_groups,
)
from claims.benefit.types import IDENTITIES

# (total, in-policy cost, paid by each layer so far, balances of the year) → steps.
# A kernel writes what it pays into `paid` and moves `balances`; all in fen.
Kernel = Callable[[int, int, list[int], list[int]], str]
HALF = MILLION // 2
NO_LIMIT = 10**18  # fen; above every amount
# The parameter of layers that may favour by age, beside their tables by identity.
AGES: Mapping[str, Reader] = {"age_groups": age_groups}


class Context(NamedTuple):
    """All that decides which parameters apply to a claim, except the day.

    `detail` is that of `ClaimFacts`, `age` None in a scheme that does not read it;
    `identities` has the person's age groups among them once a layer is bound.
    """

    kind: str
    level: str | None
    in_county: bool | None
    filing: str
    chronic: bool
    identities: frozenset[str]
    detail: str = ""
    age: int | None = None


@dataclass(frozen=True)
class Slots:
    """Where a layer finds its counters in `balances` and all layers in `paid`."""

    counters: Mapping[str, int]
    payments: Mapping[str, int]
    own: int


@dataclass
class Look:
    """Looks parameters up on one day and remembers the newest row used."""

    series: Mapping[str, Series]
    day: date
    newest: date = ALWAYS

    def row(self, name: str) -> Row | None:
        """The row of the parameter in force, if any."""
        series = self.series.get(name)
        row = series.on(self.day) if series else None
        if row is not None:
            self.newest = max(self.newest, row.starts_on)
        return row

    def value(self, name: str) -> Any:
        """The value in force; None when there is none or it has ended."""
        row = self.row(name)
        return row.value if row else None

    def chosen(self, name: str, key: str | None) -> Any:
        """The entry of a table in force under `key`; None when it has none."""
        return (self.value(name) or {}).get(key)

    def groups(self, age: int | None) -> frozenset[str]:
        """The age groups in force that the age belongs to."""
        table: Mapping[str, Ages] = self.value("age_groups") or {}
        return frozenset(
            code for code, ages in table.items() if age is not None and ages.holds(age)
        )

    def missing(self, name: str) -> str:
        """Why a layer idles for want of this parameter: it has ended, or names no such level."""
        return "ended" if self.value(name) is None else "level"

    def unentitled(self, name: str, identities: frozenset[str]) -> str:
        """Why a table by identity gives nothing: it has ended, or names none of them."""
        series = self.series[name]
        row = series.on(self.day)
        over = row is None or row.value is None
        return "ended" if over and identities & series.keys() else "identity"

    def best(self, name: str, identities: frozenset[str]) -> tuple[str, Any] | None:
        """The highest entry for one of the identities, with its identity."""
        table = self.value_if_named(name, identities)
        own = sorted(identities & table.keys())
        if not own:
            return None
        identity = max(own, key=lambda one: table[one])
        return identity, table[identity]

    def value_if_named(self, name: str, identities: frozenset[str]) -> Mapping[str, Any]:
        """The table in force by identity, empty when it has ended.

        A table that at no time names one of the person's identities is not "used".
        """
        series = self.series.get(name)
        row = series.on(self.day) if series else None
        if series is None or row is None or not identities & series.keys():
            return {}
        self.newest = max(self.newest, row.starts_on)
        return cast(Mapping[str, Any], row.value or {})


@dataclass(frozen=True)
class Layer(ABC):
    """One layer of a scheme: its code, whose money it is, and its dated parameters."""

    KIND: ClassVar[str]
    REQUIRED: ClassVar[Mapping[str, Reader]] = {}
    OPTIONAL: ClassVar[Mapping[str, Reader]] = {}
    # Fixed choices of structure that a scheme makes beside the dated parameters.
    SETTINGS: ClassVar[Mapping[str, Reader]] = {}
    COUNTERS: ClassVar[tuple[str, ...]] = ()
    PAID_COUNTERS: ClassVar[tuple[str, ...]] = ("paid",)
    # Those that a scheme adds by naming further kinds of claim.
    MORE_PAID_COUNTERS: ClassVar[tuple[str, ...]] = ()
    # Which parameter limits a counter of the year, and the entry of it where it is a table.
    CEILINGS: ClassVar[Mapping[str, tuple[str, str]]] = {"paid": ("year_ceiling", "")}
    # Which parameter a step rests on, by step code, for the explanation.
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {}

    code: str
    payer: str
    name: Text
    series: Mapping[str, Series]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def reads(self, kind: str) -> frozenset[str]:
        """What the layer must know of the institution for a claim of this kind."""
        return frozenset()

    @property
    def counters(self) -> tuple[str, ...]:
        """The counters of the year that this layer keeps."""
        return self.COUNTERS

    @property
    def paid_counters(self) -> tuple[str, ...]:
        """Those of the counters that together say what the layer has paid this year."""
        return self.PAID_COUNTERS

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of claim beyond STANDING_KINDS that its parameters name."""
        return frozenset()

    @property
    def reads_chronic(self) -> bool:
        """Whether chronic visits differ from other general outpatient visits."""
        return False

    @property
    def reads_age(self) -> bool:
        """Whether the layer must know how old the person was."""
        return "age_groups" in self.series

    @property
    def identities(self) -> frozenset[str]:
        """The identities that make a difference in this layer."""
        named: frozenset[str] = frozenset().union(*(s.keys() for s in self.series.values()))
        return named.intersection(IDENTITIES)

    @abstractmethod
    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel for claims of this context on the day of `look`."""


def idle(reason: str) -> Kernel:
    """The kernel of a layer that does not pay in this context.

    `reason` is `kind`, `level`, `identity` or `ended` (see `claims.benefit.explain`).
    """
    steps = f"N{reason}"

    def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
        return steps

    return kernel


def bounded(ppm: int) -> int:
    """A rate after points: never below 0, never above 100 %.

    >>> bounded(1_050_000), bounded(-1), bounded(650_000)
    (1000000, 0, 650000)
    """
    return min(max(ppm, 0), MILLION)
