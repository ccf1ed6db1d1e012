"""The app's models, each defined in its room."""

from claims.attachments.models import ClaimAttachment
from claims.certificates.models import (
    CertificateState,
    CertificateTransition,
    SpecialCertificate,
)
from claims.corrections.models import (
    Correction,
    CorrectionState,
    CorrectionTransition,
    Revision,
    RevisionLayer,
)
from claims.diseases.models import ApplicationPaper, DiseaseTerm, ReviewCalendar, SpecialDisease
from claims.drafts.models import WindowDraft
from claims.intake.models import Claim, ClaimState
from claims.intake.waiting import WaitingClaim
from claims.ledger.models import Account, Book, Entry, Payer, Posting
from claims.outofarea.models import (
    AreaFiling,
    FilingKind,
    FilingRule,
    FilingState,
    FilingTransition,
)
from claims.overpayments.models import (
    Clearance,
    ClearanceState,
    ClearanceTransition,
    Instalment,
    Overpayment,
    Repayment,
    RepaymentPlan,
)
from claims.papers.models import ClaimPaper, PaperKind
from claims.payments.models import (
    BankReturn,
    BatchState,
    BatchTransition,
    OrderShare,
    OrderState,
    PaymentBatch,
    PaymentOrder,
    SetOff,
)
from claims.policies.models import (
    PolicyConfirmation,
    PolicyProposal,
    PolicyRow,
    ProposalState,
    ProposalTransition,
)
from claims.review.models import ClaimTransition
from claims.rounds.models import CorrectionRound, RoundState, RoundTransition, RoundYear
from claims.settlement.models import (
    AccumulatorMovement,
    HeldClaim,
    LayerPayment,
    SettledClaim,
    SettlementRun,
    SettlementShard,
)
from claims.specialcare.models import (
    ApplicationState,
    ApplicationTransition,
    PanelVote,
    RefusalReason,
    SpecialApplication,
)
from claims.verification.models import Verification
from claims.whatif.models import WhatIfRun

__all__ = [
    "Account",
    "AccumulatorMovement",
    "ApplicationPaper",
    "ApplicationState",
    "ApplicationTransition",
    "AreaFiling",
    "BankReturn",
    "BatchState",
    "BatchTransition",
    "Book",
    "CertificateState",
    "CertificateTransition",
    "Claim",
    "ClaimAttachment",
    "ClaimPaper",
    "ClaimState",
    "ClaimTransition",
    "Clearance",
    "ClearanceState",
    "ClearanceTransition",
    "Correction",
    "CorrectionRound",
    "CorrectionState",
    "CorrectionTransition",
    "DiseaseTerm",
    "Entry",
    "FilingKind",
    "FilingRule",
    "FilingState",
    "FilingTransition",
    "HeldClaim",
    "Instalment",
    "LayerPayment",
    "OrderShare",
    "OrderState",
    "Overpayment",
    "PanelVote",
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
    "RefusalReason",
    "Repayment",
    "RepaymentPlan",
    "ReviewCalendar",
    "Revision",
    "RevisionLayer",
    "RoundState",
    "RoundTransition",
    "RoundYear",
    "SetOff",
    "SettledClaim",
    "SettlementRun",
    "SettlementShard",
    "SpecialApplication",
    "SpecialCertificate",
    "SpecialDisease",
    "Verification",
    "WaitingClaim",
    "WhatIfRun",
    "WindowDraft",
]
