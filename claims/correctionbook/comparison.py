"""A correction as the page shows it: each claim by layer, before and after, with the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.benefit.explain import render_claim
from claims.corrections.models import Correction, CorrectionState
from claims.corrections.recalculation import Change, from_data, sides_by
from claims.corrections.selectors import payee_of
from claims.corrections.unpaid import KeptBack, kept_back
from claims.intake.models import Claim
from claims.ledger.models import Payer
from claims.policies.language import reader_language
from claims.policies.selectors import layer_name, scheme_of_version
from enrollment.values.money import from_fen

Steps = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True)
class LayerPair:
    """One layer on one claim, in yuan, with the sentences of both calculations."""

    name: str
    payer: str
    before: Decimal
    after: Decimal
    steps_before: Steps
    steps_after: Steps

    @property
    def difference(self) -> Decimal:
        """What it pays more; below zero, less."""
        return self.after - self.before


@dataclass(frozen=True)
class ClaimPair:
    """One claim before and after, in yuan."""

    claim: Claim
    is_reversed: bool
    before: Decimal
    after: Decimal
    layers: Sequence[LayerPair]

    @property
    def difference(self) -> Decimal:
        """What all layers pay more; below zero, less."""
        return self.after - self.before


def pairs_of(correction: Correction) -> list[ClaimPair]:
    """The claims that the correction changes, in the order of calculation.

    One statement, and one per policy version that this process has not read yet.
    """
    changes = from_data(correction.preview)
    claims = (
        Claim.objects.select_related("institution")
        .filter(pk__in=[change.claim_id for change in changes])
        .in_bulk()
    )
    return [_pair(correction, change, claims[change.claim_id]) for change in changes]


def still_unpaid(correction: Correction) -> list[KeptBack]:
    """What approving a proposal now would keep back of payments that wait; four statements."""
    if correction.state != CorrectionState.PROPOSED:
        return []
    changes = from_data(correction.preview)
    claims = Claim.objects.in_bulk([change.claim_id for change in changes])
    payees = {
        pk: payee_of(claim.source, claim.person_id, claim.institution_id)
        for pk, claim in claims.items()
    }
    return kept_back(correction, changes, sides_by(changes, payees))


def _pair(correction: Correction, change: Change, claim: Claim) -> ClaimPair:
    lang = reader_language()
    before = _steps(correction.scheme, change.version_before, change.steps_before, claim)
    after = _steps(correction.scheme, correction.policy_version, change.steps, claim)
    return ClaimPair(
        claim=claim,
        is_reversed=change.is_reversed,
        before=from_fen(change.before),
        after=from_fen(change.after),
        layers=[
            LayerPair(
                name=layer_name(layer.layer, lang),
                payer=str(Payer(layer.payer).label),
                before=from_fen(layer.before),
                after=from_fen(layer.after),
                steps_before=before.get(layer.layer, ()),
                steps_after=after.get(layer.layer, ()),
            )
            for layer in change.layers
        ],
    )


def _steps(code: str, version: int, steps: str, claim: Claim) -> dict[str, Steps]:
    """The sentences by layer; none for a reversed claim."""
    if not steps:
        return {}
    scheme = scheme_of_version(code, version)
    return dict(render_claim(scheme, steps, claim.discharged_on, reader_language()))
