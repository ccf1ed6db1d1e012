"""What may follow what in a policy proposal's life: the one table.

    (propose)→ PROPOSED ─approve→ APPROVED
                  ├──── reject ──→ REJECTED
                  └── withdraw ──→ WITHDRAWN

Whoever proposed does not approve. An approved proposal stays: a mistake is corrected by
another proposal.
"""

from django.utils.translation import gettext_lazy as _

from claims.policies.models import ProposalState
from enrollment.transitions.table import Step, TransitionTable

_S = ProposalState

PROPOSAL_TRANSITIONS = TransitionTable(
    Step(
        "approve",
        (_S.PROPOSED,),
        _S.APPROVED,
        "claims.approve_policy",
        _("Approve the policy"),
        not_by=("propose",),
    ),
    Step(
        "reject",
        (_S.PROPOSED,),
        _S.REJECTED,
        "claims.approve_policy",
        _("Reject the proposal"),
        needs_note=True,
    ),
    Step(
        "withdraw",
        (_S.PROPOSED,),
        _S.WITHDRAWN,
        "claims.propose_policy",
        _("Withdraw the proposal"),
        needs_note=True,
    ),
)
