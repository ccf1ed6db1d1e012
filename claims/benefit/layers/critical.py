"""Critical-illness insurance 大病保险: a progressive scale on the year's accumulated base."""

from collections.abc import Mapping
from typing import Any, ClassVar

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
from claims.benefit.layers.scales import Band, Favour, bands, favours
from claims.benefit.parameters import MILLION, Reader, SchemeError, amount, shown
from claims.benefit.steps import percent
from claims.benefit.types import INPATIENT, SPECIAL_OUTPATIENT

EXCESS = "EXCESS"  # bands run on what exceeds the deductible (Hunan)
CUMULATIVE = "CUMULATIVE"  # bands run on the accumulated base itself (Tianjin, Yongqiao)


def band_base(value: Any, path: str) -> str:
    """EXCESS or CUMULATIVE."""
    if value not in (EXCESS, CUMULATIVE):
        raise SchemeError(
            path,
            f"没有 {shown(value)}，请写 {EXCESS} 或 {CUMULATIVE}",
            f"{shown(value)} is unknown: write {EXCESS} or {CUMULATIVE}",
        )
    return str(value)


class CriticalIllnessLayer(Layer):
    """Pays the year's entitlement minus what it has paid this year, never below 0.

    The base is in-policy cost − basic of inpatient and special-outpatient claims,
    accumulated over the calendar year of discharge. The entitlement is that of the
    parameters of the claim's own date, rounded half up once, cut to the year's ceiling.
    """

    KIND: ClassVar[str] = "critical_illness"
    REQUIRED: ClassVar[Mapping[str, Reader]] = {"deductible": amount, "bands": bands}
    OPTIONAL: ClassVar[Mapping[str, Reader]] = {
        "year_ceiling": amount,
        "favours": favours,
        **AGES,
    }
    SETTINGS: ClassVar[Mapping[str, Reader]] = {"band_base": band_base}
    COUNTERS: ClassVar[tuple[str, ...]] = ("base", "paid")
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {
        "U": "deductible",
        "X": "deductible",
        "Z": "deductible",
        "K": "bands",
        "L": "year_ceiling",
        "h": "favours",
        "j": "favours",
    }

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel for inpatient and special-outpatient claims."""
        if context.kind not in (INPATIENT, SPECIAL_OUTPATIENT):
            return idle("kind")
        full = look.value("deductible")
        scale: tuple[Band, ...] | None = look.value("bands")
        if full is None or scale is None:
            return idle("ended")
        ceiling = look.value("year_ceiling")
        favour, prefix = _favour(context, look, full)
        deductible = (full * favour.deductible_factor + HALF) // MILLION
        if favour.unlimited or ceiling is None:
            ceiling = NO_LIMIT
        excess = self.settings["band_base"] == EXCESS
        shift = deductible if excess else 0
        segments = _segments(scale, favour, deductible, shift)
        start = "X" if excess else "Z"
        in_base, spent = at.counters["base"], at.counters["paid"]
        basic, own = at.payments["basic"], at.own

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            before = balances[in_base]
            this = in_policy - paid[basic]
            base = before + this
            balances[in_base] = base
            if base <= deductible and not balances[spent]:
                return f"A{before},{this}{prefix};U{deductible}"
            if base <= deductible:  # something was paid under an earlier, lower deductible
                already = balances[spent]
                return f"A{before},{this}{prefix};U{deductible};Y0,{already},0"
            steps = f"A{before},{this}{prefix};{start}{deductible},{base - shift}"
            weighted = 0
            for low, high, ppm, text in segments:
                if base <= low:
                    break
                part = min(base, high) - low
                weighted += part * ppm
                steps += f";K{low - shift},{part},{text}"
            entitlement = (weighted + HALF) // MILLION
            if entitlement > ceiling:
                steps += f";L{ceiling},{entitlement}"
                entitlement = ceiling
            already = balances[spent]
            pays = max(entitlement - already, 0)
            balances[spent] = already + pays
            paid[own] = pays
            return f"{steps};Y{entitlement},{already},{pays}"

        return kernel


def _favour(context: Context, look: Look, deductible: int) -> tuple[Favour, str]:
    """The best favour of the identities, and the steps that tell of it."""
    best = Favour()
    whose = ""
    table: Mapping[str, Favour] = look.value_if_named("favours", context.identities)
    for identity in sorted(context.identities & table.keys()):
        if not best.covers(table[identity]):
            best, whose = table[identity], identity
    steps = ""
    if best.deductible_factor != MILLION:
        reduced = (deductible * best.deductible_factor + HALF) // MILLION
        steps += f";h{whose},{percent(best.deductible_factor)},{reduced}"
    if best.points:
        steps += f";j{whose},{percent(best.points)}"
    return best, steps


def _segments(
    scale: tuple[Band, ...], favour: Favour, deductible: int, shift: int
) -> tuple[tuple[int, int, int, str], ...]:
    """(from, to, rate, rate as text) on the accumulated base, above the deductible."""
    segments = []
    low = shift
    for index, band in enumerate(scale):
        last = index == len(scale) - 1
        open_end = band.upto is None or (last and favour.unlimited)
        high = NO_LIMIT if open_end or band.upto is None else band.upto + shift
        ppm = bounded(band.rate + favour.points)
        if high > deductible:
            segments.append((max(low, deductible), high, ppm, percent(ppm)))
        low = high
    return tuple(segments)
