"""A guarantee 兜底保障: tops the sum of all payments up to a share of the total cost."""

from collections.abc import Mapping
from typing import Any, ClassVar

from claims.benefit.layers.base import AGES, HALF, Context, Kernel, Layer, Look, Slots, idle
from claims.benefit.parameters import MILLION, Reader, by_identity, fields, rate
from claims.benefit.steps import percent
from claims.benefit.types import FILINGS, INPATIENT

PLACES = ("in_county", *FILINGS)


def target(value: Any, path: str) -> Mapping[str, int]:
    """Shares of the total cost: in the county, and outside it by filing."""
    return fields(value, path, {}, dict.fromkeys(PLACES, rate))


class GuaranteeLayer(Layer):
    """Pays an inpatient's target share of the total cost − all that was paid before it.

    Of several targets the highest that applies is taken. The target is rounded half up
    to the fen; the layer never pays less than 0.
    """

    KIND: ClassVar[str] = "guarantee"
    REQUIRED: ClassVar[Mapping[str, Reader]] = {"targets": by_identity(target)}
    OPTIONAL: ClassVar[Mapping[str, Reader]] = AGES
    COUNTERS: ClassVar[tuple[str, ...]] = ("paid",)
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {"G": "targets"}

    def reads(self, kind: str) -> frozenset[str]:
        """Whether a stay was in the county."""
        return frozenset({"in_county"}) if kind == INPATIENT else frozenset()

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel for inpatients with a target that applies."""
        if context.kind != INPATIENT:
            return idle("kind")
        table = look.value_if_named("targets", context.identities)
        place = "in_county" if context.in_county else context.filing
        shares = {
            identity: table[identity][place]
            for identity in sorted(context.identities & table.keys())
            if place in table[identity]
        }
        if not shares:
            unentitled = look.unentitled("targets", context.identities)
            return idle(unentitled if not context.identities & table.keys() else "place")
        best = max(shares, key=lambda identity: shares[identity])
        ppm, spent, own = shares[best], at.counters["paid"], at.own
        text = f"{best},{percent(ppm)}"

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            goal = (total * ppm + HALF) // MILLION
            prior = sum(paid)
            result = max(goal - prior, 0)
            balances[spent] += result
            paid[own] = result
            return f"G{total},{text},{goal},{prior},{result}"

        return kernel
