"""What may follow what in the life of a round: the one table.

    (start)→ SEARCHING ─finish→ READY ─approve→ POSTING ───close→ DONE
                 │                 └── reject → REJECTING ─close→ DONE
                 └── close (nothing is proposed) ─────────────→ DONE

Whoever started a round does not approve it. `finish` and `close` are the worker's.
"""

from django.utils.translation import gettext_lazy as _

from claims.rounds.models import RoundState
from enrollment.transitions.table import Step, TransitionTable

_S = RoundState

ROUND_TRANSITIONS = TransitionTable(
    Step("finish", (_S.SEARCHING,), _S.READY, "", _("All years are calculated")),
    Step(
        "approve",
        (_S.READY,),
        _S.POSTING,
        "claims.approve_correction",
        _("Approve the round"),
        not_by=("start",),
    ),
    Step(
        "reject",
        (_S.READY,),
        _S.REJECTING,
        "claims.approve_correction",
        _("Reject the round"),
        needs_note=True,
    ),
    Step("close", (_S.SEARCHING, _S.POSTING, _S.REJECTING), _S.DONE, "", _("Close the round")),
)
AT_WORK = (_S.SEARCHING, _S.POSTING, _S.REJECTING)
