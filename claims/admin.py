"""The app's admin screens, each defined in its room."""

from claims.correctionbook.admin import CorrectionAdmin
from claims.ledger.admin import EntryAdmin, PostingAdmin
from claims.payments.admin import PaymentBatchAdmin, PaymentOrderAdmin
from claims.policybook.admin import PolicyProposalAdmin
from claims.review.admin import ClaimAdmin
from claims.settlement.admin import SettledClaimAdmin, SettlementRunAdmin
from claims.whatifbook.admin import WhatIfRunAdmin

__all__ = [
    "ClaimAdmin",
    "CorrectionAdmin",
    "EntryAdmin",
    "PaymentBatchAdmin",
    "PaymentOrderAdmin",
    "PolicyProposalAdmin",
    "PostingAdmin",
    "SettledClaimAdmin",
    "SettlementRunAdmin",
    "WhatIfRunAdmin",
]
