"""What basic insurance pays without a deductible: outpatient care, two diseases, births."""

from claims.benefit.layers.base import HALF, NO_LIMIT, Context, Kernel, Look, Slots, idle
from claims.benefit.parameters import MILLION
from claims.benefit.steps import percent


def share(codes: tuple[str, str], ppm: int, ceiling: int | None, spent: int, own: int) -> Kernel:
    """A rate on the whole in-policy cost, within a ceiling of the year.

    The result is rounded half up to the fen, then cut to what is left of the ceiling.
    """
    room_of = NO_LIMIT if ceiling is None else ceiling
    (step, cut), text = codes, percent(ppm)

    def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
        result = (in_policy * ppm + HALF) // MILLION
        steps = f"{step}{in_policy},{text},{result}"
        room = room_of - balances[spent]
        if result > room:
            result = max(room, 0)
            steps += f";{cut}{result},{result}"
        balances[spent] += result
        paid[own] = result
        return steps

    return kernel


def medicines(context: Context, look: Look, at: Slots) -> Kernel:
    """Outpatient medicines of the two diseases 两病: a rate by level, ceilings of the year.

    Medicines for one disease stay within the ceiling of that disease, and all together
    within that of both. Medicines for both at once count towards the latter only.
    """
    ppm = look.chosen("two_diseases_rate", context.level)
    if ppm is None:
        return idle(look.missing("two_diseases_rate"))
    ceilings = look.value("two_diseases_ceilings") or {}
    limits = [("both", ceilings.get("both", NO_LIMIT), at.counters["two_diseases"])]
    moved = [at.counters["two_diseases"]]
    if context.detail != "both":
        own_ceiling = ceilings.get(context.detail, NO_LIMIT)
        limits.insert(0, (context.detail, own_ceiling, at.counters[context.detail]))
        moved.append(at.counters[context.detail])
    own, text = at.own, f"{context.detail},"
    rate = percent(ppm)

    def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
        result = (in_policy * ppm + HALF) // MILLION
        steps = f"T{text}{in_policy},{rate},{result}"
        left, whose = min((max(top - balances[spent], 0), name) for name, top, spent in limits)
        if result > left:
            result = left
            steps += f";t{whose},{result},{result}"
        for counter in moved:
            balances[counter] += result
        paid[own] = result
        return steps

    return kernel


def birth(context: Context, look: Look, at: Slots) -> Kernel:
    """A birth 住院分娩: a rate on the in-policy cost, at most a limit per birth."""
    ppm = look.chosen("maternity_rate", context.detail)
    if ppm is None:
        return idle("ended")
    limit = look.chosen("maternity_limits", context.detail)
    most = NO_LIMIT if limit is None else limit
    spent, own, text = at.counters["maternity"], at.own, f"{context.detail},"
    rate = percent(ppm)

    def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
        result = (in_policy * ppm + HALF) // MILLION
        steps = f"B{text}{in_policy},{rate},{result}"
        if result > most:
            result = most
            steps += f";b{text}{most},{result}"
        balances[spent] += result
        paid[own] = result
        return steps

    return kernel
