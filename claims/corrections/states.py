"""What may follow what in a correction's life: the one table.

    (propose)→ PROPOSED ─approve→ APPROVED
                  ├──── reject ──→ REJECTED
                  └── withdraw ──→ WITHDRAWN

Whoever proposed does not approve. An approved correction stays: a mistake in it is put right
by another correction.
"""

from django.utils.translation import gettext_lazy as _

from claims.corrections.models import CorrectionState
from enrollment.transitions.table import Step, TransitionTable

_S = CorrectionState

CORRECTION_TRANSITIONS = TransitionTable(
    Step(
        "approve",
        (_S.PROPOSED,),
        _S.APPROVED,
        "claims.approve_correction",
        _("Approve the correction"),
        not_by=("propose",),
    ),
    Step(
        "reject",
        (_S.PROPOSED,),
        _S.REJECTED,
        "claims.approve_correction",
        _("Reject the correction"),
        needs_note=True,
    ),
    Step(
        "withdraw",
        (_S.PROPOSED,),
        _S.WITHDRAWN,
        "claims.propose_correction",
        _("Withdraw the correction"),
        needs_note=True,
    ),
)
