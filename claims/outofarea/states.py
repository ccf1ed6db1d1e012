"""What may follow what in a filing's life.

(file)→ FILED ─withdraw→ WITHDRAWN
"""

from django.utils.translation import gettext_lazy as _

from claims.outofarea.models import FilingState
from enrollment.transitions.table import Step, TransitionTable

FILING_TRANSITIONS = TransitionTable(
    Step(
        "withdraw",
        (FilingState.FILED,),
        FilingState.WITHDRAWN,
        "claims.file_outside",
        _("Withdraw the filing"),
        needs_note=True,
    ),
)
