"""The app's models, each defined in its room."""

from claims.attachments.models import ClaimAttachment
from claims.corrections.models import (
    Correction,
    CorrectionState,
    CorrectionTransition,
    Revision,
    RevisionLayer,
)
from claims.drafts.models import WindowDraft
from claims.intake.models import Claim, ClaimState
from claims.ledger.models import Account, Book, Entry, Payer, Posting
from claims.overpayments.models import Instalment, Overpayment, Repayment, RepaymentPlan
from claims.papers.models import ClaimPaper, PaperKind
from claims.payments.models import (
    BankReturn,
    BatchState,
    BatchTransition,
    OrderShare,
    OrderState,
    PaymentBatch,
    PaymentOrder,
)
from claims.policies.models import (
    PolicyConfirmation,
    PolicyProposal,
    PolicyRow,
    ProposalState,
    ProposalTransition,
)
from claims.review.models import ClaimTransition
from claims.settlement.models import (
    AccumulatorMovement,
    HeldClaim,
    LayerPayment,
    SettledClaim,
    SettlementRun,
    SettlementShard,
)
from claims.verification.models import Verification
from claims.whatif.models import WhatIfRun

__all__ = [
    "Account",
    "AccumulatorMovement",
    "BankReturn",
    "BatchState",
    "BatchTransition",
    "Book",
    "Claim",
    "ClaimAttachment",
    "ClaimPaper",
    "ClaimState",
    "ClaimTransition",
    "Correction",
    "CorrectionState",
    "CorrectionTransition",
    "Entry",
    "HeldClaim",
    "Instalment",
    "LayerPayment",
    "OrderShare",
    "OrderState",
    "Overpayment",
    "PaperKind",
    "Payer",
    "PaymentBatch",
    "PaymentOrder",
    "PolicyConfirmation",
    "PolicyProposal",
    "PolicyRow",
    "Posting",
    "ProposalState",
    "ProposalTransition",
    "Repayment",
    "RepaymentPlan",
    "Revision",
    "RevisionLayer",
    "SettledClaim",
    "SettlementRun",
    "SettlementShard",
    "Verification",
    "WhatIfRun",
    "WindowDraft",
]
