"""Basic insurance 基本医保: inpatient, special outpatient and general outpatient."""

from collections.abc import Mapping
from typing import ClassVar

from claims.benefit.layers.base import HALF, Context, Kernel, Layer, Look, Slots, bounded, idle
from claims.benefit.parameters import (
    MILLION,
    Reader,
    amount,
    by_filing,
    by_identity,
    by_level,
    points,
    rate,
)
from claims.benefit.steps import percent
from claims.benefit.types import INPATIENT, SPECIAL_OUTPATIENT

NO_LIMIT = 10**18  # fen; above every amount


class BasicLayer(Layer):
    """Pays (in-policy cost − deductible) × rate, within the year's ceilings.

    Inpatient: the deductible applied is the least of the level's, what is left of the
    year's limit of deductibles, and the in-policy cost. Filing points count outside the
    county only; points add up, the rate stays within 0…100 %. Inpatient and special
    outpatient share `year_ceiling`; general outpatient has its own. Each result is
    rounded half up to the fen, then cut to what is left of the ceiling.
    """

    KIND: ClassVar[str] = "basic"
    REQUIRED: ClassVar[Mapping[str, Reader]] = {
        "inpatient_deductible": by_level(amount),
        "inpatient_rate": by_level(rate),
        "special_rate": rate,
    }
    OPTIONAL: ClassVar[Mapping[str, Reader]] = {
        "deductible_year_limit": amount,
        "filing_points": by_filing(points),
        "inpatient_points": by_identity(points),
        "year_ceiling": amount,
        "outpatient_rate": by_level(rate),
        "outpatient_ceiling": amount,
    }
    COUNTERS: ClassVar[tuple[str, ...]] = ("deductible", "paid", "outpatient")
    PAID_COUNTERS: ClassVar[tuple[str, ...]] = ("paid", "outpatient")
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {
        "D": "inpatient_deductible",
        "d": "inpatient_deductible",
        "f": "filing_points",
        "i": "inpatient_points",
        "R": "inpatient_rate",
        "S": "special_rate",
        "O": "outpatient_rate",
        "C": "year_ceiling",
        "c": "outpatient_ceiling",
    }

    def reads(self, kind: str) -> frozenset[str]:
        """Level and place of a stay, level of a general outpatient visit."""
        if kind == INPATIENT:
            return frozenset({"level", "in_county"})
        return frozenset() if kind == SPECIAL_OUTPATIENT else frozenset({"level"})

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel of the claim's kind."""
        if context.kind == INPATIENT:
            return self._inpatient(context, look, at)
        if context.kind == SPECIAL_OUTPATIENT:
            share, ceiling = look.value("special_rate"), look.value("year_ceiling")
            if share is None:
                return idle("ended")
            return _share(("S", "C"), share, ceiling, at.counters["paid"], at.own)
        share = look.chosen("outpatient_rate", context.level)
        ceiling = look.value("outpatient_ceiling")
        return _share(("O", "c"), share, ceiling, at.counters["outpatient"], at.own)

    def _inpatient(self, context: Context, look: Look, at: Slots) -> Kernel:
        level_deductible = look.chosen("inpatient_deductible", context.level)
        base_rate = look.chosen("inpatient_rate", context.level)
        if level_deductible is None or base_rate is None:
            return idle("level")
        ppm = base_rate
        adjustments = ""
        if not context.in_county:
            filing = look.chosen("filing_points", context.filing)
            if filing:
                ppm += filing
                adjustments += f";f{context.filing},{percent(filing)}"
        favour = look.best("inpatient_points", context.identities)
        if favour:
            ppm += favour[1]
            adjustments += f";i{favour[0]},{percent(favour[1])}"
        ppm = bounded(ppm)
        limit = look.value("deductible_year_limit")
        ceiling = look.value("year_ceiling")
        ceiling = NO_LIMIT if ceiling is None else ceiling
        used, spent, own = at.counters["deductible"], at.counters["paid"], at.own
        text = percent(ppm)

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            deductible: int = level_deductible
            left = 0
            if limit is not None:
                left = max(limit - balances[used], 0)
                deductible = min(deductible, left)
            deductible = min(deductible, in_policy)
            balances[used] += deductible
            base = in_policy - deductible
            result = (base * ppm + HALF) // MILLION
            steps = (
                f"d{level_deductible},{deductible}{adjustments};R{base},{text},{result}"
                if limit is None
                else f"D{level_deductible},{left},{deductible}{adjustments};R{base},{text},{result}"
            )
            room = ceiling - balances[spent]
            if result > room:
                result = max(room, 0)
                steps += f";C{max(room, 0)},{result}"
            balances[spent] += result
            paid[own] = result
            return steps

        return kernel


def _share(
    codes: tuple[str, str], ppm: int | None, ceiling: int | None, spent: int, own: int
) -> Kernel:
    """A rate on the whole in-policy cost, within a ceiling of the year."""
    if ppm is None:
        return idle("level")
    room_of = NO_LIMIT if ceiling is None else ceiling
    (step, cut), text, share = codes, percent(ppm), ppm

    def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
        result = (in_policy * share + HALF) // MILLION
        steps = f"{step}{in_policy},{text},{result}"
        room = room_of - balances[spent]
        if result > room:
            result = max(room, 0)
            steps += f";{cut}{result},{result}"
        balances[spent] += result
        paid[own] = result
        return steps

    return kernel
