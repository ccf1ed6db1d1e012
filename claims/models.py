"""The app's models, each defined in its room."""

from claims.intake.models import Claim, ClaimState
from claims.ledger.models import Account, Book, Entry, Payer, Posting
from claims.payments.models import (
    BatchState,
    BatchTransition,
    OrderShare,
    OrderState,
    PaymentBatch,
    PaymentOrder,
)
from claims.review.models import ClaimTransition
from claims.settlement.models import (
    AccumulatorMovement,
    LayerPayment,
    SettledClaim,
    SettlementRun,
)

__all__ = [
    "Account",
    "AccumulatorMovement",
    "BatchState",
    "BatchTransition",
    "Book",
    "Claim",
    "ClaimState",
    "ClaimTransition",
    "Entry",
    "LayerPayment",
    "OrderShare",
    "OrderState",
    "Payer",
    "PaymentBatch",
    "PaymentOrder",
    "Posting",
    "SettledClaim",
    "SettlementRun",
]
