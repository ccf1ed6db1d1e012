"""What may follow what in a case's life: the one table.

    (open) → FILED ─notify→ NOTIFIED ─decide→ DECIDED ─execute→ EXECUTED ─close→ CLOSED
               │             │   ▲
               │             └───┘ notify_again (changed facts or amounts)
               └─────────────┴──terminate→ TERMINATED

`execute` is the portal's own step: it follows the receipt that settles the last open amount,
or a decision that orders nothing. Whoever filed or notified a case does not decide it, nor do
its officers (`supervision.cases.services.why_not_now`).
"""

from django.utils.translation import gettext_lazy as _

from enrollment.transitions.table import Step, TransitionTable
from supervision.cases.models import CaseState

_S = CaseState

CASE_TRANSITIONS = TransitionTable(
    Step("notify", (_S.FILED,), _S.NOTIFIED, "supervision.notify_case", _("Notify the party")),
    Step(
        "notify_again",
        (_S.NOTIFIED,),
        _S.NOTIFIED,
        "supervision.notify_case",
        _("Notify again"),
        needs_note=True,
    ),
    Step(
        "decide",
        (_S.NOTIFIED,),
        _S.DECIDED,
        "supervision.decide_penalty",
        _("Decide"),
        not_by=("open", "notify", "notify_again"),
    ),
    Step(
        "terminate",
        (_S.FILED, _S.NOTIFIED),
        _S.TERMINATED,
        "supervision.open_case",
        _("Terminate the case"),
        needs_note=True,
    ),
    Step("execute", (_S.DECIDED,), _S.EXECUTED, "", _("Execute")),
    Step(
        "close",
        (_S.EXECUTED,),
        _S.CLOSED,
        "supervision.open_case",
        _("Close the case"),
        needs_note=True,
    ),
)
