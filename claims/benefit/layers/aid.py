"""Medical aid 医疗救助: a share of what is left of the in-policy inpatient cost."""

from collections.abc import Mapping
from typing import ClassVar

from claims.benefit.layers.base import (
    AGES,
    HALF,
    NO_LIMIT,
    Context,
    Kernel,
    Layer,
    Look,
    Slots,
    idle,
)
from claims.benefit.parameters import MILLION, Reader, amount, by_identity, rate
from claims.benefit.steps import percent
from claims.benefit.types import INPATIENT


class MedicalAidLayer(Layer):
    """Pays (in-policy cost − everything paid before it) × the identity's rate.

    Inpatient claims only. The base is never below 0; of several identities the best rate
    counts, never a sum. The result is rounded half up to the fen, then cut to what is
    left of the year's ceiling.
    """

    KIND: ClassVar[str] = "medical_aid"
    REQUIRED: ClassVar[Mapping[str, Reader]] = {"rates": by_identity(rate)}
    OPTIONAL: ClassVar[Mapping[str, Reader]] = {"year_ceiling": amount, **AGES}
    COUNTERS: ClassVar[tuple[str, ...]] = ("paid",)
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {"M": "rates", "a": "year_ceiling"}

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel for inpatients with an identity that the rates name."""
        if context.kind != INPATIENT:
            return idle("kind")
        best = look.best("rates", context.identities)
        if best is None:
            return idle(look.unentitled("rates", context.identities))
        identity, ppm = best
        ceiling = look.value("year_ceiling")
        ceiling = NO_LIMIT if ceiling is None else ceiling
        spent, own, text = at.counters["paid"], at.own, f"{identity},{percent(ppm)}"

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            prior = sum(paid)
            base = max(in_policy - prior, 0)
            result: int = (base * ppm + HALF) // MILLION
            steps = f"M{in_policy},{prior},{text},{result}"
            room = ceiling - balances[spent]
            if result > room:
                result = max(room, 0)
                steps += f";a{result},{result}"
            balances[spent] += result
            paid[own] = result
            return steps

        return kernel
