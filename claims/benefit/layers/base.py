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

from claims.benefit.parameters import ALWAYS, MILLION, Reader, Row, Series, Text
from claims.benefit.types import IDENTITIES

# (total, in-policy cost, paid by each layer so far, balances of the year) → steps.
# A kernel writes what it pays into `paid` and moves `balances`; all in fen.
Kernel = Callable[[int, int, list[int], list[int]], str]
HALF = MILLION // 2


class Context(NamedTuple):
    """All that decides which parameters apply to a claim, except the day."""

    kind: str
    level: str | None
    in_county: bool | None
    filing: str
    chronic: bool
    identities: frozenset[str]


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
    # Those of the counters that together say what the layer has paid this year.
    PAID_COUNTERS: ClassVar[tuple[str, ...]] = ("paid",)
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
