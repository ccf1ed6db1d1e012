"""What may follow what in a payment batch's life: the one table.

    (make)→ DRAFT ─approve→ APPROVED ─send→ SENT ─close→ CLOSED
              └──── cancel ────┘

Whoever put a batch together does not approve it. Once the bank has the file, nothing is
cancelled any more: the bank's return decides order by order.
"""

from django.utils.translation import gettext_lazy as _

from claims.payments.models import BatchState
from enrollment.transitions.table import Step, TransitionTable

_S = BatchState

BATCH_TRANSITIONS = TransitionTable(
    Step("make", ("",), _S.DRAFT, "claims.make_batch", _("Put a batch together")),
    Step(
        "approve",
        (_S.DRAFT,),
        _S.APPROVED,
        "claims.approve_batch",
        _("Approve the batch"),
        not_by=("make",),
    ),
    Step(
        "cancel",
        (_S.DRAFT, _S.APPROVED),
        _S.CANCELLED,
        "claims.approve_batch",
        _("Cancel the batch"),
        needs_note=True,
    ),
    Step(
        "send",
        (_S.APPROVED,),
        _S.SENT,
        "claims.exchange_bank_files",
        _("Write the bank file"),
    ),
    Step("close", (_S.SENT,), _S.CLOSED, "claims.exchange_bank_files", _("Close the batch")),
)
