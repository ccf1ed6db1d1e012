"""What may follow what in a claim's life: the one table.

    (entered) ─submit→ SUBMITTED ─pass_first→ CHECKED ─approve→ APPROVED ─settle→ SETTLED
                          │  ▲                  │                 │ ▲
                       return │resubmit      return             hold release
                          ▼  │                  ▼                 ▼ │
                        RETURNED ◄──────────────┘                HELD

A clerk's submission goes straight to CHECKED (`submit_checked`) where the bureau's setting
says that the clerk's check is the first review. `reject` leads out of every open state.
A correction takes a settled claim back (`reverse`): SETTLED → REVERSED.
"""

from django.utils.translation import gettext_lazy as _

from claims.intake.models import ClaimState
from enrollment.transitions.table import Step, TransitionTable

_S = ClaimState

CLAIM_TRANSITIONS = TransitionTable(
    Step("resubmit", (_S.RETURNED,), _S.SUBMITTED, "claims.enter_claim", _("Submit again")),
    Step("resubmit_checked", (_S.RETURNED,), _S.CHECKED, "claims.enter_claim", _("Submit again")),
    Step(
        "pass_first",
        (_S.SUBMITTED,),
        _S.CHECKED,
        "claims.review_first",
        _("Pass the first review"),
        not_by=("submit", "resubmit"),
    ),
    Step(
        "approve",
        (_S.CHECKED,),
        _S.APPROVED,
        "claims.review_second",
        _("Approve"),
        not_by=("submit", "submit_checked", "resubmit", "resubmit_checked", "pass_first"),
    ),
    Step(
        "return_first",
        (_S.SUBMITTED,),
        _S.RETURNED,
        "claims.review_first",
        _("Return for correction"),
        needs_note=True,
    ),
    Step(
        "return_second",
        (_S.CHECKED, _S.HELD),
        _S.RETURNED,
        "claims.review_second",
        _("Return for correction"),
        needs_note=True,
    ),
    Step(
        "reject",
        (_S.SUBMITTED, _S.CHECKED, _S.RETURNED, _S.HELD),
        _S.REJECTED,
        "claims.reject_claim",
        _("Reject"),
        needs_note=True,
        needs_reason=True,
    ),
    Step(
        "release",
        (_S.HELD,),
        _S.APPROVED,
        "claims.release_claim",
        _("Release for the next settlement"),
        needs_note=True,
    ),
    # The settlement's own steps; it writes them set by set (claims.settlement.store).
    Step("hold", (_S.APPROVED,), _S.HELD, "", _("Hold")),
    Step("settle", (_S.APPROVED,), _S.SETTLED, "", _("Settle")),
    # An approved correction's own (claims.corrections.posting).
    Step("reverse", (_S.SETTLED,), _S.REVERSED, "", _("Reverse")),
)
