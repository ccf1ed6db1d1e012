"""One resident's year under both policies, claim by claim with the steps of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.benefit.explain import render_claim
from claims.benefit.scheme import Scheme
from claims.chunks.calculation import Decisions, Hold, SettledRow, decide
from claims.intake.models import Claim
from claims.policies.language import reader_language
from claims.review.holding import held_because, stored_reason
from claims.whatif.facts import snapshot, stream_year
from claims.whatif.figures import Pair
from claims.whatif.models import WhatIfRun
from claims.whatif.selectors import schemes_of
from enrollment.values.money import ZERO, from_fen

Steps = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True)
class LayerSides(Pair):
    """One layer on one claim, in yuan, with the sentences of both calculations."""

    name: str
    base_steps: Steps
    draft_steps: Steps


@dataclass(frozen=True)
class ClaimSides(Pair):
    """One claim on both sides; with a `refusal` one side cannot calculate it."""

    claim: Claim
    layers: Sequence[LayerSides]
    refusal: str = ""


def resident_sides(run: WhatIfRun, person_id: int) -> list[ClaimSides]:
    """The resident's claims of the run's year in order of calculation, calculated now.

    The facts are those of today: after a correction they may differ from the run's. Three
    statements, and those of schemes that this process has not read yet.
    """
    base, draft = schemes_of(run)
    with snapshot():
        rows = [fact.claim for fact in stream_year(run.year, person_id)]
        claims = Claim.objects.select_related("institution").in_bulk([row.claim_id for row in rows])
    one, other = decide(base, rows, {}), decide(draft, rows, {})
    found = _by_claim(one), _by_claim(other)
    held = {hold.claim_id: hold for hold in (*other.held, *one.held)}
    return [
        _sides(
            claims[row.claim_id],
            _Side(base, found[0].get(row.claim_id)),
            _Side(draft, found[1].get(row.claim_id)),
            held.get(row.claim_id),
        )
        for row in rows
    ]


def sum_of(sides: Sequence[Pair]) -> Pair:
    """The year on both sides, in yuan."""
    return Pair(sum((one.base for one in sides), ZERO), sum((one.draft for one in sides), ZERO))


@dataclass(frozen=True)
class _Side:
    """A scheme and what it came to; None where it refused."""

    scheme: Scheme
    result: SettledRow | None

    def paid(self) -> dict[str, Decimal]:
        """By layer, in yuan."""
        if self.result is None:
            return {}
        pairs = zip(self.scheme.layers, self.result.paid, strict=True)
        return {layer.code: from_fen(fen) for layer, fen in pairs}

    def steps(self, claim: Claim) -> Mapping[str, Steps]:
        """The sentences by layer."""
        if self.result is None:
            return {}
        lang = reader_language()
        return dict(render_claim(self.scheme, self.result.steps, claim.discharged_on, lang))


def _by_claim(decisions: Decisions) -> dict[int, SettledRow]:
    return {row.claim_id: row for row in decisions.settled}


def _sides(claim: Claim, base: _Side, draft: _Side, hold: Hold | None) -> ClaimSides:
    lang = reader_language()
    paid = base.paid(), draft.paid()
    steps = base.steps(claim), draft.steps(claim)
    names = {
        layer.code: layer.name.in_(lang) for side in (draft, base) for layer in side.scheme.layers
    }
    order = [layer.code for layer in base.scheme.layers]
    order += [layer.code for layer in draft.scheme.layers if layer.code not in order]
    return ClaimSides(
        base=sum(paid[0].values(), ZERO),
        draft=sum(paid[1].values(), ZERO),
        claim=claim,
        layers=[
            LayerSides(
                base=paid[0].get(code, ZERO),
                draft=paid[1].get(code, ZERO),
                name=names[code],
                base_steps=steps[0].get(code, ()),
                draft_steps=steps[1].get(code, ()),
            )
            for code in order
        ],
        refusal=held_because(stored_reason(hold.reason, hold.detail)) if hold else "",
    )
