"""At which boundaries the golden cases stand, seen in the steps of their calculation.

A case stands at a limit when the amount that the steps hold against it lies within a fen of it,
at a turn when a claim of that day would be paid otherwise with the value of the other side. It
counts where it also says what the layer is expected to pay.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.layers import Layer
from claims.benefit.scheme import Scheme
from claims.benefit.steps import decode_steps
from claims.benefit.types import Accumulators, ClaimFacts, ClaimRefused, Outcome, PersonFacts
from claims.quoting.reading import read_request
from claims.tests.boundaries import (
    AGE,
    BASE,
    COVERED,
    Group,
    Limit,
    limits_of,
    table_on,
    value_on,
)
from claims.tests.boundary_days import Turn, swapped, turns_of
from claims.tests.test_benefit_golden import line_of
from enrollment.values.money import ZERO, to_fen

Case = dict[str, Any]
Measured = tuple[tuple[str, str], int]  # the measure, and the fen (or days) it stands at
Figures = tuple[Any, ...]
# A limit with the fen (or days) from it, or a turn with a day around it.
Spot = tuple[Limit | Turn, int | date]


@dataclass(frozen=True)
class Sight:
    """What one claim of a case holds against a limit of a layer."""

    layer: str
    measure: tuple[str, str]
    amount: int
    on: date
    group: Group


def drawn(scheme: Scheme) -> list[Spot]:
    """Every place at which some case has to stand."""
    return [
        *((limit, side) for limit in limits_of(scheme) for side in limit.sides),
        *((turn, day) for turn in turns_of(scheme) for day in turn.days),
    ]


def stands_at(scheme: Scheme, case: Case, spots: Iterable[Spot]) -> set[Spot]:
    """Those of the places at which the case stands."""
    sights = set(sights_of(scheme, case))
    return {
        (boundary, where)
        for boundary, where in spots
        if (
            any(_is_at(sight, boundary, where) for sight in sights)
            if isinstance(boundary, Limit) and isinstance(where, int)
            else isinstance(boundary, Turn)
            and isinstance(where, date)
            and _shows(scheme, case, boundary, where)
        )
    }


def lacking(scheme: Scheme, cases: Iterable[Case]) -> list[str]:
    """The places at which no case stands, each in a sentence."""
    spots = drawn(scheme)
    covered = {spot for case in cases for spot in stands_at(scheme, case, spots)}
    return [sentence(spot) for spot in spots if spot not in covered]


def sentence(spot: Spot) -> str:
    """What is missing when no case stands there."""
    boundary, where = spot
    if isinstance(boundary, Limit) and isinstance(where, int):
        return boundary.say(where)
    assert isinstance(boundary, Turn)
    assert isinstance(where, date)
    return boundary.say(where)


def _is_at(sight: Sight, limit: Limit, side: int) -> bool:
    return (
        (sight.layer, sight.measure) == (limit.layer, limit.measure)
        and sight.amount == limit.value + side
        and limit.first <= sight.on <= limit.last
        and limit.group in (None, sight.group)
    )


def outcomes_of(scheme: Scheme, case: Case) -> tuple[PersonFacts, tuple[Outcome, ...]]:
    """The person of a case and the results of its claims."""
    request = read_request(line_of(scheme.code, case), {scheme.code: scheme})
    return request.person, adjudicate_year(scheme, request.person, request.claims)


def group_of(layer: Layer, person: PersonFacts, day: date) -> Group:
    """The group of a person in a layer; None for one with identities of several groups."""
    age = person.age_on(day)
    ages = value_on(layer, "age_groups", day) or {}
    known = {code for code, group in ages.items() if age is not None and group.holds(age)}
    table = table_on(layer, day)
    own = (person.assistance | known) & table.keys()
    alike = {frozenset(k for k in table if table[k] == table[one]) for one in own}
    if len(alike) > 1:
        return None
    return alike.pop() if alike else frozenset()


def sights_of(scheme: Scheme, case: Case) -> Iterator[Sight]:
    """All that the claims of a case hold against limits, where the case expects an amount."""
    person, outcomes = outcomes_of(scheme, case)
    standing = Accumulators(0)
    for outcome in outcomes:
        claim, on = outcome.claim, outcome.claim.discharged_on
        if on.year != standing.year:
            standing = Accumulators(on.year)
        for layer, result in zip(scheme.layers, outcome.breakdown.layers, strict=True):
            if layer.code not in case["expect"][claim.id]:
                continue

            def before(counter: str, code: str = layer.code, now: Accumulators = standing) -> int:
                return to_fen(now.balances.get(f"{code}.{counter}", ZERO))

            steps = {step.code: step.figures for step in decode_steps(result.steps)[0]}
            group = group_of(layer, person, on)
            found = [*MEASURES[layer.KIND](steps, before, claim), *_ages(layer, person, on)]
            for measure, amount in found:
                yield Sight(layer.code, measure, amount, on, group)
        standing = standing.after(outcome.movements)


def _ages(layer: Layer, person: PersonFacts, on: date) -> Iterator[Measured]:
    """How many days have passed since each birthday that begins or ends an age group."""
    for ages in (value_on(layer, "age_groups", on) or {}).values():
        for years in {ages.start, ages.under} - {0, 1000}:
            for days in (-1, 0, 1):
                turned = date.fromordinal(on.toordinal() - days)
                born = PersonFacts(born_on=person.born_on)
                eve = date.fromordinal(turned.toordinal() - 1)
                if (born.age_on(eve), born.age_on(turned)) == (years - 1, years):
                    yield (AGE, str(years)), days


def _basic(
    steps: dict[str, Figures], before: Callable[[str], int], claim: ClaimFacts
) -> Iterator[Measured]:
    if "R" in steps:
        full, left, applied = steps["D"] if "D" in steps else (steps["d"][0], None, steps["d"][1])
        cost = applied + steps["R"][0]
        if left is None or left >= full:
            yield ("cost of a stay", str(claim.level)), cost
        if before("deductible"):  # else the deductible of the level is all that limits it
            yield ("deductibles of the year", ""), before("deductible") + min(full, cost)
    for code, measure, counter in (
        ("R", "paid in the year", "paid"),
        ("S", "paid in the year", "paid"),
        ("O", "paid for outpatient care in the year", "outpatient"),
    ):
        if code in steps:
            yield (measure, ""), before(counter) + steps[code][2]
    if "T" in steps:
        which, due = steps["T"][0], steps["T"][3]
        cut_by = steps["t"][0] if "t" in steps else None
        for key, counter in ((which, which), ("both", "two_diseases")):
            if cut_by in (None, key) and (key, counter) != ("both", "both"):
                yield ("paid for medicines in the year", key), before(counter) + due
    if "B" in steps:
        yield ("due for a birth", steps["B"][0]), steps["B"][3]


def _critical(
    steps: dict[str, Figures], before: Callable[[str], int], claim: ClaimFacts
) -> Iterator[Measured]:
    if "A" in steps:
        yield (BASE, ""), sum(steps["A"])
    if "Y" in steps:
        yield ("entitlement", ""), steps["L"][1] if "L" in steps else steps["Y"][0]


def _aid(
    steps: dict[str, Figures], before: Callable[[str], int], claim: ClaimFacts
) -> Iterator[Measured]:
    if "M" in steps:
        yield ("paid in the year", ""), before("paid") + steps["M"][4]


def _guarantee(
    steps: dict[str, Figures], before: Callable[[str], int], claim: ClaimFacts
) -> Iterator[Measured]:
    if "G" in steps:
        _total, _whose, _rate, target, paid, _result = steps["G"]
        yield (COVERED, "in_county" if claim.in_county else claim.filing), paid - target


def _supplementary(
    steps: dict[str, Figures], before: Callable[[str], int], claim: ClaimFacts
) -> Iterator[Measured]:
    if "F" in steps:
        yield ("left of the in-policy cost", ""), steps["F"][0] - steps["F"][1]
    if "I" in steps:
        in_policy, ppm, paid, _result = steps["I"]
        yield ("left of the in-policy cost", ""), in_policy - paid
        yield (COVERED, ""), paid - (2 * in_policy * ppm + 10**6) // (2 * 10**6)
    if "o" in steps:
        yield ("out-of-policy cost of the year", ""), steps["o"][0] + steps["o"][1]
    if "r" in steps:
        yield ("chronic cost of the year", ""), steps["r"][0] + steps["r"][1]


MEASURES = {
    "basic": _basic,
    "critical_illness": _critical,
    "medical_aid": _aid,
    "guarantee": _guarantee,
    "supplementary": _supplementary,
}


def _shows(scheme: Scheme, case: Case, turn: Turn, day: date) -> bool:
    """Whether the value of the other side would pay otherwise on a claim of that day."""
    claims = [claim for claim in case["claims"] if claim["discharged_on"] == day.isoformat()]
    ids = {claim["id"] for claim in claims if turn.layer in case["expect"][claim["id"]]}
    if not ids:
        return False
    person, outcomes = outcomes_of(scheme, case)
    own = group_of(scheme.layer(turn.layer), person, day)
    named = turn.group and turn.group <= person.assistance
    if turn.group is not None and own != turn.group and not named:
        return False
    try:
        _, others = outcomes_of(swapped(scheme, turn, day), case)
    except ClaimRefused:
        return True
    return any(
        paid_by(one, turn.layer) != paid_by(other, turn.layer)
        for one, other in zip(outcomes, others, strict=True)
        if one.claim.id in ids
    )


def paid_by(outcome: Outcome, layer: str) -> Any:
    """What a layer pays on the claim."""
    return next(one.paid for one in outcome.breakdown.layers if one.layer == layer)
