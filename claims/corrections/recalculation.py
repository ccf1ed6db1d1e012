"""A settled year calculated anew: what each claim got and what it should get.

Pure, on integer fen. The claims of one resident and one benefit year come in the order of
calculation: day of discharge, then claim number. They are calculated from empty counters, so
that the result is the same in whatever order the papers came in. Coverage and suspensions
were the settlement's question; a claim that should not have been settled is reversed by name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from claims.benefit.scheme import Scheme
from claims.chunks.calculation import ClaimRow, Hold, SettledRow, decide

K = TypeVar("K")
LayerKey = tuple[str, str]  # layer, payer


class CannotRecalculate(Exception):
    """A claim of the year cannot be calculated by the scheme; `hold` says which and why."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(hold.detail or hold.reason)
        self.hold = hold


class Standing(NamedTuple):
    """What holds of one settled claim now; amounts in fen.

    `paid` is by layer and payer, `moved` what its movements sum to by counter, `steps` the
    stored trace, `version` that of the policy the trace was written by.
    """

    row: ClaimRow
    paid: Mapping[LayerKey, int]
    moved: Mapping[str, int]
    steps: str
    version: int
    is_reversed: bool


class LayerChange(NamedTuple):
    """What one layer pays on one claim with one payer's money, before and after, in fen."""

    layer: str
    payer: str
    policy: str
    before: int
    after: int


class Change(NamedTuple):
    """The new result of one claim. `moved` is the difference by counter, in fen."""

    claim_id: int
    is_reversed: bool
    version_before: int
    steps_before: str
    steps: str
    layers: tuple[LayerChange, ...]
    moved: tuple[tuple[str, int], ...]

    @property
    def before(self) -> int:
        """Paid by all layers so far."""
        return sum(layer.before for layer in self.layers)

    @property
    def after(self) -> int:
        """Paid by all layers from now on."""
        return sum(layer.after for layer in self.layers)


def recalculate(
    scheme: Scheme, year: Sequence[Standing], reverse: Collection[int] = ()
) -> list[Change]:
    """The claims of one resident's year whose payments or counters change, in order.

    `reverse` names claims whose result is taken back; those reversed before stay so. A claim
    of which only the trace would read differently is left alone. Raises CannotRecalculate.
    """
    gone = {one.row.claim_id for one in year if one.is_reversed} | set(reverse)
    rows = [
        one.row._replace(covered=True, suspended=False, certified=True)
        for one in year
        if one.row.claim_id not in gone
    ]
    done = decide(scheme, rows, {})
    if done.held:
        raise CannotRecalculate(done.held[0])
    fresh = {row.claim_id: row for row in done.settled}
    changes = []
    for one in year:
        change = _compare(scheme, one, fresh.get(one.row.claim_id))
        moves_money = any(layer.before != layer.after for layer in change.layers)
        if moves_money or change.moved or change.is_reversed != one.is_reversed:
            changes.append(change)
    return changes


def _compare(scheme: Scheme, one: Standing, fresh: SettledRow | None) -> Change:
    after: dict[LayerKey, int] = {}
    policies: dict[LayerKey, str] = {}
    moves: dict[str, int] = {}
    if fresh is not None:
        for layer, policy, fen in zip(scheme.layers, fresh.policies, fresh.paid, strict=True):
            after[layer.code, layer.payer] = fen
            policies[layer.code, layer.payer] = policy
        for counter, old, new in zip(scheme.counters, fresh.before, fresh.after, strict=True):
            moves[counter] = new - old
    known = [(layer.code, layer.payer) for layer in scheme.layers]
    keys = [*known, *sorted(set(one.paid) - set(known))]
    layers = tuple(
        LayerChange(*key, policies.get(key, ""), one.paid.get(key, 0), after.get(key, 0))
        for key in keys
        if one.paid.get(key, 0) or after.get(key, 0)
    )
    counters = [*scheme.counters, *sorted(set(one.moved) - set(scheme.counters))]
    differences = ((name, moves.get(name, 0) - one.moved.get(name, 0)) for name in counters)
    return Change(
        claim_id=one.row.claim_id,
        is_reversed=fresh is None,
        version_before=one.version,
        steps_before=one.steps,
        steps=fresh.steps if fresh is not None else "",
        layers=layers,
        moved=tuple((name, fen) for name, fen in differences if fen),
    )


class Sides(NamedTuple):
    """What is to be paid more and what was paid too much, in fen, neither netted."""

    more: int
    less: int

    @property
    def net(self) -> int:
        """Above zero: still owed to the payee. Below: owed by the payee."""
        return self.more - self.less


def sides_by(changes: Iterable[Change], key_of: Mapping[int, K]) -> dict[tuple[K, str, str], Sides]:
    """The differences by key of the claim, layer and payer; layers that stay equal are left out.

    By institution they are what is posted, by payee what is paid or asked back. Payers are
    never set against each other: each keeps its own books.
    """
    sums: defaultdict[tuple[K, str, str], list[int]] = defaultdict(lambda: [0, 0])
    pairs = chain.from_iterable(((one, layer) for layer in one.layers) for one in changes)
    for change, layer in pairs:
        difference = layer.after - layer.before
        if difference:
            sides = sums[key_of[change.claim_id], layer.layer, layer.payer]
            sides[0 if difference > 0 else 1] += abs(difference)
    return {key: Sides(*sides) for key, sides in sums.items()}


def as_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as JSON keeps them: whole fen, lists, texts."""
    return [
        {
            **change._asdict(),
            "layers": [layer._asdict() for layer in change.layers],
            "moved": [list(pair) for pair in change.moved],
        }
        for change in changes
    ]


def from_data(data: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes that `as_data` has written."""
    return [
        Change(
            **{
                **one,
                "layers": tuple(LayerChange(**layer) for layer in one["layers"]),
                "moved": tuple((name, fen) for name, fen in one["moved"]),
            }
        )
        for one in data
    ]
