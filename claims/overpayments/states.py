"""What may follow what in a clearance's life: the one table.

    (propose)→ PROPOSED ─approve→ APPROVED
                  ├──── reject ──→ REJECTED
                  └── withdraw ──→ WITHDRAWN

Whoever proposed does not approve.
"""

from django.utils.translation import gettext_lazy as _

from claims.overpayments.models import ClearanceState
from enrollment.transitions.table import Step, TransitionTable

_S = ClearanceState

CLEARANCE_TRANSITIONS = TransitionTable(
    Step(
        "approve",
        (_S.PROPOSED,),
        _S.APPROVED,
        "claims.approve_clearance",
        _("Approve the clearance"),
        not_by=("propose",),
    ),
    Step(
        "reject",
        (_S.PROPOSED,),
        _S.REJECTED,
        "claims.approve_clearance",
        _("Reject the clearance"),
        needs_note=True,
    ),
    Step(
        "withdraw",
        (_S.PROPOSED,),
        _S.WITHDRAWN,
        "claims.propose_clearance",
        _("Withdraw the clearance"),
        needs_note=True,
    ),
)
