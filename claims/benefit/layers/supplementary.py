"""Supplementary insurance 补充保险: three parts, each with its own kind of deductible."""

from collections.abc import Mapping
from typing import ClassVar

from claims.benefit.layers.base import HALF, Context, Kernel, Layer, Look, Slots, idle
from claims.benefit.parameters import MILLION, Reader, amount, rate
from claims.benefit.steps import percent
from claims.benefit.types import GENERAL_OUTPATIENT, INPATIENT, SPECIAL_OUTPATIENT


class SupplementaryLayer(Layer):
    """Parts (i) in-policy cost, (ii) cost out of policy, (iii) chronic outpatient care.

    (i) Per inpatient or special-outpatient claim: when in-policy cost − prior payments is
    above the franchise (all or nothing), a share of the in-policy cost − prior payments.
    (ii) Over the year, of the same claims: a share of the out-of-policy cost above its
    deductible. (iii) Over the year, of general outpatient claims marked chronic: a share
    of in-policy cost − prior payments above its deductible. (i) rounds the claim's result,
    (ii) and (iii) the year's entitlement, half up; none is below 0.
    """

    KIND: ClassVar[str] = "supplementary"
    REQUIRED: ClassVar[Mapping[str, Reader]] = {
        "franchise": amount,
        "in_policy_rate": rate,
        "out_of_policy_deductible": amount,
        "out_of_policy_rate": rate,
        "chronic_deductible": amount,
        "chronic_rate": rate,
    }
    COUNTERS: ClassVar[tuple[str, ...]] = (
        "paid",
        "out_of_policy_base",
        "out_of_policy_paid",
        "chronic_base",
        "chronic_paid",
    )
    STEP_PARAMETERS: ClassVar[Mapping[str, str]] = {
        "F": "franchise",
        "I": "in_policy_rate",
        "o": "out_of_policy_deductible",
        "Q": "out_of_policy_rate",
        "r": "chronic_deductible",
        "q": "chronic_rate",
    }

    @property
    def reads_chronic(self) -> bool:
        """Part (iii) is theirs alone."""
        return True

    def bind(self, context: Context, look: Look, at: Slots) -> Kernel:
        """The kernel for stays and special outpatient, or for chronic outpatient claims."""
        if context.kind == GENERAL_OUTPATIENT:
            return self._chronic(look, at) if context.chronic else idle("kind")
        if context.kind not in (INPATIENT, SPECIAL_OUTPATIENT):
            return idle("kind")
        return self._stay(look, at)

    def _stay(self, look: Look, at: Slots) -> Kernel:
        franchise, share = look.value("franchise"), look.value("in_policy_rate")
        deductible, rest = look.value("out_of_policy_deductible"), look.value("out_of_policy_rate")
        if None in (franchise, share, deductible, rest):
            return idle("ended")
        own, spent = at.own, at.counters["paid"]
        in_base, out_paid = at.counters["out_of_policy_base"], at.counters["out_of_policy_paid"]
        share_text, rest_text = percent(share), percent(rest)

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            prior = sum(paid)
            first = 0
            if in_policy - prior > franchise:
                goal = (in_policy * share + HALF) // MILLION
                first = max(goal - prior, 0)
                steps = f"I{in_policy},{share_text},{prior},{first}"
            else:
                steps = f"F{in_policy},{prior},{franchise}"
            before = balances[in_base]
            balances[in_base] = base = before + total - in_policy
            entitlement = (max(base - deductible, 0) * rest + HALF) // MILLION
            already = balances[out_paid]
            second = max(entitlement - already, 0)
            balances[out_paid] += second
            steps += (
                f";o{before},{total - in_policy},{deductible}"
                f";Q{max(base - deductible, 0)},{rest_text},{entitlement},{already},{second}"
            )
            result = first + second
            balances[spent] += result
            paid[own] = result
            return f"{steps};s{result}"

        return kernel

    def _chronic(self, look: Look, at: Slots) -> Kernel:
        deductible, share = look.value("chronic_deductible"), look.value("chronic_rate")
        if None in (deductible, share):
            return idle("ended")
        own, spent, text = at.own, at.counters["paid"], percent(share)
        in_base, part_paid = at.counters["chronic_base"], at.counters["chronic_paid"]

        def kernel(total: int, in_policy: int, paid: list[int], balances: list[int]) -> str:
            left = in_policy - sum(paid)
            before = balances[in_base]
            balances[in_base] = base = before + left
            entitlement = (max(base - deductible, 0) * share + HALF) // MILLION
            already = balances[part_paid]
            result = max(entitlement - already, 0)
            balances[part_paid] += result
            balances[spent] += result
            paid[own] = result
            return (
                f"r{before},{left},{deductible}"
                f";q{max(base - deductible, 0)},{text},{entitlement},{already},{result};s{result}"
            )

        return kernel
