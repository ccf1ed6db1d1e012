"""How each of the claims' records belongs to a township (see `enrollment.access.scope`)."""

from claims.models import (
    AccumulatorMovement,
    BankReturn,
    Claim,
    ClaimTransition,
    Entry,
    HeldClaim,
    LayerPayment,
    PaymentBatch,
    PaymentOrder,
    PolicyProposal,
    Posting,
    SettledClaim,
    SettlementRun,
)
from enrollment.access.scope import by_division, open_to_all, whole_county

by_division(Claim, "person__division")
by_division(ClaimTransition, "subject__person__division")
by_division(SettledClaim, "person__division")
by_division(HeldClaim, "claim__person__division")
by_division(LayerPayment, "settled__person__division")
by_division(AccumulatorMovement, "person__division")
# Orders to institutions name no resident's division: the county's.
by_division(PaymentOrder, "person__division")

# A night, a batch and the books mix all townships.
whole_county(SettlementRun, PaymentBatch, BankReturn, Entry, Posting)

# A proposed policy holds for every township.
open_to_all(PolicyProposal)
