"""Basic insurance 基本医保: stays, outpatient care, two diseases, maternity."""

from collections.abc import Callable, Mapping
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
    bounded,
    idle,
)
from claims.benefit.layers.visits import birth, medicines, share
from claims.benefit.parameters import (
    MILLION,
    Reader,
    amount,
    by_delivery,
    by_diseases,
    by_filing,
    by_identity,
    by_level,
    points,
    rate,
)
from claims.benefit.steps import percent
from claims.benefit.types import (
    BOTH,
    DISEASES,
    GENERAL_OUTPATIENT,
    INPATIENT,
    MATERNITY,
    SPECIAL_OUTPATIENT,
    TWO_DISEASES,
)


class BasicLayer(Layer):
    """Pays (in-policy cost − deductible) × rate, within the year's ceilings.

    Inpatient: the deductible applied is the least of the level's, what is left of the
    year's limit of deductibles, and the in-policy cost. Filing points count outside the
    county only; points add up, the rate stays within 0…100 %. Inpatient and special
    outpatient share `year_ceiling`; general outpatient has its own. Each result is
    rounded half up to the fen, then cut to what is left of the ceiling.

    A scheme that gives `two_diseases_rate` or `maternity_rate` also pays medicines for
    hypertension and diabetes, and births (`claims.benefit.layers.visits`); both lie outside
    the ceilings above and have counters of their own.
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
        "two_diseases_rate": by_level(rate),
        "two_diseases_ceilings": by_diseases(amount),
        "maternity_rate": by_delivery(rate),
        "maternity_limits": by_delivery(amount),
        **AGES,
    }
    COUNTERS: ClassVar[tuple[str, ...]] = ("deductible", "paid", "outpatient")
    PAID_COUNTERS: ClassVar[tuple[str, ...]] = ("paid", "outpatient")
    MORE_PAID_COUNTERS: ClassVar[tuple[str, ...]] = ("two_diseases", "maternity")
    CEILINGS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "deductible": ("deductible_year_limit", ""),
        "paid": ("year_ceiling", ""),
        "outpatient": ("outpatient_ceiling", ""),
        "two_diseases": ("two_diseases_ceilings", BOTH),
        **{disease: ("two_diseases_ceilings", disease) for disease in DISEASES},
    }
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
        "T": "two_diseases_rate",
        "t": "two_diseases_ceilings",
        "B": "maternity_rate",
        "b": "maternity_limits",
    }

    @property
    def kinds(self) -> frozenset[str]:
        """Two diseases and maternity, as far as the scheme has rates for them."""
        rates = {TWO_DISEASES: "two_diseases_rate", MATERNITY: "maternity_rate"}
        return frozenset(kind for kind, name in rates.items() if name in self.series)

    @property
    def counters(self) -> tuple[str, ...]:
        """Those of every scheme, then those of the kinds that this one adds."""
        added: tuple[str, ...] = ()
        if TWO_DISEASES in self.kinds:
            added += (*DISEASES, "two_diseases")
        if MATERNITY in self.kinds:
            added += ("maternity",)
        return self.COUNTERS + added

    @property
    def paid_counters(self) -> tuple[str, ...]:
        """The counters of each single disease are parts of `two_diseases`."""
        added = (name for name in self.MORE_PAID_COUNTERS if name in self.counters)
        return (*self.PAID_COUNTERS, *added)

    def reads(self, kind: str) -> frozenset[str]:
        """Level and place of a stay, level of a visit that depends on it."""
        if kind == INPATIENT:
            return frozenset({"level", "in_county"})
        return frozenset({"level"} if kind in (GENERAL_OUTPATIENT, TWO_DISEASES) else ())

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel of the claim's kind."""
        kernels: dict[str, Callable[[Context, Look, Slots], Kernel]] = {
            INPATIENT: self._inpatient,
            SPECIAL_OUTPATIENT: self._special,
            GENERAL_OUTPATIENT: self._outpatient,
        }
        if TWO_DISEASES in self.kinds:
            kernels[TWO_DISEASES] = medicines
        if MATERNITY in self.kinds:
            kernels[MATERNITY] = birth
        own = kernels.get(context.kind)
        return own(context, look, at) if own else idle("kind")

    def _special(self, context: Context, look: Look, at: Slots) -> Kernel:
        ppm, ceiling = look.value("special_rate"), look.value("year_ceiling")
        if ppm is None:
            return idle("ended")
        return share(("S", "C"), ppm, ceiling, at.counters["paid"], at.own)

    def _outpatient(self, context: Context, look: Look, at: Slots) -> Kernel:
        ppm = look.chosen("outpatient_rate", context.level)
        ceiling = look.value("outpatient_ceiling")
        if ppm is None:
            return idle(look.missing("outpatient_rate"))
        return share(("O", "c"), ppm, ceiling, at.counters["outpatient"], at.own)

    def _inpatient(self, context: Context, look: Look, at: Slots) -> Kernel:
        level_deductible = look.chosen("inpatient_deductible", context.level)
        base_rate = look.chosen("inpatient_rate", context.level)
        if level_deductible is None or base_rate is None:
            return idle(look.missing("inpatient_rate"))
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
