"""The colour of each state of a proposal."""

from claims.policies.models import ProposalState
from enrollment.desk.tags import Tone

PROPOSAL_TONES: dict[str, Tone] = {
    ProposalState.PROPOSED: Tone.BLUE,
    ProposalState.APPROVED: Tone.GREEN,
    ProposalState.REJECTED: Tone.RED,
    ProposalState.WITHDRAWN: Tone.NEUTRAL,
}
