"""A scheme: its layers in order, and the rules bound for one sort of claim.

Two ways in:

- `claims.benefit.adjudication.adjudicate` takes frozen facts in yuan, for a window, a
  quote, a test;
- `Scheme.rules(...)` then `Rules.settle(...)` work on integer fen, for the night: look
  the rules up per claim (cached), keep `balances` per person and year as a list in the
  order of `Scheme.counters`, store the compact steps as they come.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from claims.benefit.layers.base import Context, Kernel, Layer, Look, Slots
from claims.benefit.parameters import ALWAYS, Row, Source, Text
from claims.benefit.types import (
    CHRONIC,
    DETAIL_FIELDS,
    DETAILS,
    GENERAL_OUTPATIENT,
    KINDS,
    PRIOR_LAYERS,
    STANDING_KINDS,
    ClaimRefused,
    PersonFacts,
)

NOTHING_PAID = (0, 0, 0, 0)
COSTS = ("total", "excluded", "over_limit", "first_self_pay")
_NO_IDENTITY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """All layers bound to one context: what the night calls per claim, on integer fen.

    `policies` has one `<scheme>@<date>` per layer, in scheme order.
    """

    policies: tuple[str, ...]
    kernels: tuple[Kernel, ...]
    own: tuple[int, ...]  # slot of each layer in `paid`
    extra: tuple[int, ...]  # zeros for slots beyond them
    _first: Kernel = field(init=False, repr=False)
    _later: tuple[Kernel, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Set the first layer apart: its steps begin with the in-policy cost."""
        object.__setattr__(self, "_first", self.kernels[0])
        object.__setattr__(self, "_later", self.kernels[1:])

    def settle(
        self,
        costs: tuple[int, int, int, int],
        prior: tuple[int, ...],
        balances: Sequence[int],
    ) -> tuple[list[int], str, list[int]]:
        """Calculate one claim; returns what each layer pays, the steps, the new balances.

        `costs` are total, excluded, over limit and first self-pay.
        `prior` is what layers outside the scheme have paid, in the order of PRIOR_LAYERS
        (`NOTHING_PAID` when nothing). `balances` is not changed. Raises ClaimRefused when
        the facts contradict each other or the layers would pay more than is left.
        """
        total, excluded, over_limit, first_self_pay = costs
        in_policy = total - excluded - over_limit - first_self_pay
        if in_policy < 0 or excluded < 0 or over_limit < 0 or first_self_pay < 0:
            _refuse_costs(in_policy, costs)
        already = 0
        if prior is not NOTHING_PAID:
            already = sum(prior)
            self._check_prior(total, in_policy, already, prior)
        paid = [*prior, *self.extra]
        after = list(balances)
        steps = (
            f"P{total},{excluded},{over_limit},{first_self_pay};"
            f"{self._first(total, in_policy, paid, after)}"
        )
        for kernel in self._later:
            steps += f"|{kernel(total, in_policy, paid, after)}"
        if sum(paid) > total:
            raise ClaimRefused(
                "overpaid",
                "already_paid",
                layers=sum(paid) - already,
                left=total - already,
            )
        return [paid[slot] for slot in self.own], steps, after

    def _check_prior(
        self, total: int, in_policy: int, already: int, prior: tuple[int, ...]
    ) -> None:
        for slot, layer in enumerate(PRIOR_LAYERS):
            if prior[slot] < 0:
                raise ClaimRefused("negative", f"already_paid.{layer}", given=prior[slot])
            if prior[slot] and slot in self.own:
                raise ClaimRefused("calculated", f"already_paid.{layer}", layer=layer)
        if already > total:
            raise ClaimRefused("already_above_total", "already_paid", paid=already, total=total)
        if prior[0] > in_policy:
            raise ClaimRefused(
                "basic_above_in_policy", "already_paid.basic", paid=prior[0], in_policy=in_policy
            )


def _refuse_costs(in_policy: int, costs: tuple[int, int, int, int]) -> None:
    for name, fen in zip(COSTS, costs, strict=True):
        if fen < 0:
            raise ClaimRefused("negative", name, given=fen)
    raise ClaimRefused("in_policy_negative", "total", in_policy=in_policy, total=costs[0])


@dataclass(frozen=True)
class Scheme:
    """A benefit scheme (`yongshun-resident`): layers in the order in which they pay."""

    code: str
    name: Text
    layers: tuple[Layer, ...]
    sources: tuple[Source, ...] = ()
    counters: tuple[str, ...] = field(init=False)
    kinds: tuple[str, ...] = field(init=False)  # of claim, that the scheme answers for
    reads_age: bool = field(init=False)
    _changes: tuple[date, ...] = field(init=False, repr=False)
    _named: frozenset[str] = field(init=False, repr=False)
    _cache: dict[tuple[object, ...], Rules] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    _reads: dict[str, frozenset[str]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _bound: dict[tuple[object, Context], Rules] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Lay out the counters and the days on which parameters change."""
        counters = [f"{layer.code}.{name}" for layer in self.layers for name in layer.counters]
        object.__setattr__(self, "counters", tuple(counters))
        more = frozenset().union(*(layer.kinds for layer in self.layers))
        kinds = tuple(kind for kind in KINDS if kind in STANDING_KINDS or kind in more)
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "reads_age", any(layer.reads_age for layer in self.layers))
        days = {
            row.starts_on
            for layer in self.layers
            for series in layer.series.values()
            for row in series.rows
        }
        object.__setattr__(self, "_changes", tuple(sorted(days - {ALWAYS})))
        named: frozenset[str] = frozenset().union(*(layer.identities for layer in self.layers))
        object.__setattr__(self, "_named", named)

    def reads(self, kind: str) -> frozenset[str]:
        """What must be known of the institution (`level`, `in_county`) for this kind."""
        found = self._reads.get(kind)
        if found is None:
            found = frozenset().union(*(layer.reads(kind) for layer in self.layers))
            self._reads[kind] = found
        return found

    @property
    def outside(self) -> tuple[str, ...]:
        """The layers that are none of the scheme's: what they paid before, a claim may tell."""
        own = {layer.code for layer in self.layers}
        return tuple(code for code in PRIOR_LAYERS if code not in own)

    def details(self, kind: str) -> tuple[str, ...]:
        """The words of which a claim of the kind may tell one; empty when nothing is asked."""
        if kind not in self.kinds:
            return ()
        if kind == GENERAL_OUTPATIENT and not any(layer.reads_chronic for layer in self.layers):
            return ()
        return DETAILS.get(kind, ())

    def check_detail(self, kind: str, detail: str) -> None:
        """Raise ClaimRefused unless the scheme answers for the kind and the word is of it.

        `detail` is one of DETAILS or empty; a chronic visit needs no word to be a visit.
        """
        if kind not in self.kinds:
            raise ClaimRefused("unknown_code", "kind", given=kind, known=", ".join(self.kinds))
        if detail in DETAILS.get(kind, ()) or not (detail or kind in DETAIL_FIELDS.values()):
            return
        if detail == CHRONIC:
            raise ClaimRefused("chronic_kind", "chronic")
        name, own = next(
            (name, own)
            for name, own in DETAIL_FIELDS.items()
            if (detail in DETAILS[own] if detail else kind == own)
        )
        if detail:
            raise ClaimRefused("detail_kind", name, key=name, kind=own)
        raise ClaimRefused("missing", name)

    def layer(self, code: str) -> Layer:
        """The layer of that code; KeyError when the scheme has none."""
        for layer in self.layers:
            if layer.code == code:
                return layer
        raise KeyError(code)

    def zeros(self) -> list[int]:
        """The balances of a year's beginning."""
        return [0] * len(self.counters)

    def rules(
        self,
        day: date,
        kind: str,
        level: str | None,
        in_county: bool | None,
        filing: str = "none",
        *,
        identities: frozenset[str] = _NO_IDENTITY,
        chronic: bool = False,
        detail: str = "",
        born_on: date | None = None,
    ) -> Rules:
        """The rules for claims of this sort discharged on `day`; cached.

        `detail` is that of `ClaimFacts`. Raises ClaimRefused when the scheme reads the age
        and `born_on` is not given: no rule for children may pass children by.
        """
        period = bisect_right(self._changes, day) if self._changes else 0
        age = None
        if self.reads_age:
            age = PersonFacts(born_on=born_on).age_on(day)
            if age is None:
                raise ClaimRefused("missing", "person.born_on")
        key = (period, kind, level, in_county, filing, identities, chronic, detail, age)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._shared(key)
        return found

    def _shared(self, key: tuple[object, ...]) -> Rules:
        """The rules of a key, one object for all keys that differ in nothing that is read."""
        period, kind, level, in_county, filing, identities, chronic, detail, age = key
        read = self.reads(str(kind))
        context = Context(
            kind=str(kind),
            level=str(level) if "level" in read else None,
            in_county=bool(in_county) if "in_county" in read else None,
            filing=str(filing) if "in_county" in read else "none",
            chronic=bool(chronic),
            identities=cast(frozenset[str], identities) & self._named,
            detail=str(detail),
            age=cast(int | None, age),
        )
        bound = self._bound.get((period, context))
        if bound is None:
            index = cast(int, period)
            start = self._changes[index - 1] if index else ALWAYS
            bound = self._bound[period, context] = self._bind(context, start)
        return bound

    def _bind(self, context: Context, day: date) -> Rules:
        slots = {name: index for index, name in enumerate(PRIOR_LAYERS)}
        for layer in self.layers:
            slots.setdefault(layer.code, len(slots))
        kernels: list[Kernel] = []
        policies: list[str] = []
        for layer in self.layers:
            look = Look(layer.series, day)
            counters = {
                name: self.counters.index(f"{layer.code}.{name}") for name in layer.counters
            }
            own = context
            if layer.reads_age:
                groups = look.groups(context.age)
                own = context._replace(identities=context.identities | groups)
            kernels.append(layer.bind(own, look, Slots(counters, slots, slots[layer.code])))
            policies.append(f"{self.code}@{look.newest.isoformat()}")
        return Rules(
            policies=tuple(policies),
            kernels=tuple(kernels),
            own=tuple(slots[layer.code] for layer in self.layers),
            extra=(0,) * (len(slots) - len(PRIOR_LAYERS)),
        )

    def row_behind(self, layer: str, step: str, day: date) -> Row | None:
        """The parameter row that a step of a layer rests on, on that day."""
        found = self.layer(layer)
        parameter = found.STEP_PARAMETERS.get(step)
        series = found.series.get(parameter) if parameter else None
        return series.on(day) if series else None


def split_policy(policy: str) -> tuple[str, date]:
    """Scheme code and effective date of a stored policy.

    On that date every row that the policy used is in force, so the date explains old
    steps as well as the day of discharge does. Raises ValueError for anything else.

    >>> split_policy("tianjin-critical-illness@2022-03-01")
    ('tianjin-critical-illness', datetime.date(2022, 3, 1))
    """
    code, at, day = policy.rpartition("@")
    if not at:
        raise ValueError(f"{policy!r} is not a policy like yongshun-resident@2022-03-01")
    return code, date.fromisoformat(day)
