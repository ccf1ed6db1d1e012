"""The decision on a claim, from frozen facts to a frozen breakdown, in yuan.

No clock, no database. A claim that comes late is simply calculated on the accumulators
as they stand: which ones, and in what order, is the caller's business; a whole year at
once is put in order of discharge, then id.
"""

from collections.abc import Iterable
from decimal import Decimal

from claims.benefit.scheme import NOTHING_PAID, Rules, Scheme
from claims.benefit.types import (
    BOTH,
    CHRONIC,
    PRIOR_LAYERS,
    Accumulators,
    Breakdown,
    ClaimFacts,
    ClaimRefused,
    LayerResult,
    Movement,
    Outcome,
    PersonFacts,
)
from enrollment.values.money import ZERO, from_fen, to_fen


def adjudicate(
    scheme: Scheme, person: PersonFacts, claim: ClaimFacts, accumulators: Accumulators
) -> Outcome:
    """Calculate one claim on the accumulators of its year.

    `person` carries the identities of the date of service. Raises ClaimRefused when the
    facts contradict each other or the layers would pay more than is left of the total,
    ValueError when the accumulators are of another year.
    """
    if accumulators.year != claim.discharged_on.year:
        raise ValueError(
            f"the accumulators are of {accumulators.year}, the claim {claim.id!r} of "
            f"{claim.discharged_on.year}: a claim belongs to the year of its discharge"
        )
    rules = rules_for(scheme, person, claim)
    prior = _prior(claim)
    balances = accumulators.balances
    before = [_fen(balances.get(name)) for name in scheme.counters]
    paid, steps, after = rules.settle(
        (
            _fen(claim.total),
            _fen(claim.excluded),
            _fen(claim.over_limit),
            _fen(claim.first_self_pay),
        ),
        prior,
        before,
    )
    layers = tuple(
        LayerResult(layer.code, layer.payer, policy, from_fen(fen), own_steps)
        for layer, policy, fen, own_steps in zip(
            scheme.layers, rules.policies, paid, steps.split("|"), strict=True
        )
    )
    already = from_fen(sum(prior))
    breakdown = Breakdown(
        total=claim.total,
        in_policy=claim.in_policy,
        already_paid=already,
        layers=layers,
        personal=claim.total - already - sum((layer.paid for layer in layers), ZERO),
    )
    movements = tuple(
        Movement(name, from_fen(new - old))
        for name, old, new in zip(scheme.counters, before, after, strict=True)
        if new != old
    )
    return Outcome(claim, breakdown, movements)


def adjudicate_year(
    scheme: Scheme, person: PersonFacts, claims: Iterable[ClaimFacts]
) -> tuple[Outcome, ...]:
    """Calculate a person's claims in order of discharge, then id (by code point).

    Accumulators begin anew with each calendar year. The result does not depend on the
    order in which the claims are given. The first claim that cannot be calculated raises
    ClaimRefused, with the claim's id in `figures`.
    """
    outcomes: list[Outcome] = []
    standing = Accumulators(0)
    for claim in sorted(claims, key=lambda claim: (claim.discharged_on, claim.id)):
        if claim.discharged_on.year != standing.year:
            standing = Accumulators(claim.discharged_on.year)
        try:
            outcome = adjudicate(scheme, person, claim, standing)
        except ClaimRefused as refused:
            refused.figures.setdefault("claim", claim.id)
            raise
        standing = standing.after(outcome.movements)
        outcomes.append(outcome)
    return tuple(outcomes)


def rules_for(scheme: Scheme, person: PersonFacts, claim: ClaimFacts) -> Rules:
    """The rules in force for the claim on its day of discharge.

    Raises ClaimRefused when the scheme reads something of the institution that the claim
    does not tell, the kind is none of the scheme's, or its details belong to another kind.
    """
    for name in sorted(scheme.reads(claim.kind)):
        if getattr(claim, name) is None:
            raise ClaimRefused("missing", f"institution.{name}")
    check_details(scheme, claim)
    return scheme.rules(
        claim.discharged_on,
        claim.kind,
        claim.level,
        claim.in_county,
        claim.filing,
        identities=person.assistance,
        chronic=claim.chronic,
        detail=claim.detail,
        born_on=person.born_on,
    )


def check_details(scheme: Scheme, claim: ClaimFacts) -> None:
    """Raise ClaimRefused unless kind and details (`chronic`, `diseases`, …) fit together."""
    told = (CHRONIC if claim.chronic else "", BOTH if claim.diseases else "", claim.delivery or "")
    for detail in [one for one in told if one] or [""]:
        scheme.check_detail(claim.kind, detail)


def _fen(amount: Decimal | None) -> int:
    """Most amounts and counters of a claim are nothing: no conversion then."""
    return to_fen(amount) if amount else 0


def _prior(claim: ClaimFacts) -> tuple[int, ...]:
    """Payments before the scheme, in fen, in the order of PRIOR_LAYERS."""
    if not claim.already_paid:
        return NOTHING_PAID
    unknown = set(claim.already_paid) - set(PRIOR_LAYERS)
    if unknown:
        raise ClaimRefused(
            "unknown_key", f"already_paid.{min(unknown)}", known=", ".join(PRIOR_LAYERS)
        )
    if not any(claim.already_paid.values()):
        return NOTHING_PAID
    return tuple(to_fen(claim.already_paid.get(name, Decimal(0))) for name in PRIOR_LAYERS)
