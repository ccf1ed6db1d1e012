"""The app's admin screens, each defined in its room."""

from claims.correctionbook.admin import CorrectionAdmin
from claims.diseases.admin import ReviewCalendarAdmin, SpecialDiseaseAdmin
from claims.filingdesk.admin import AreaFilingAdmin, FilingRuleAdmin
from claims.ledger.admin import EntryAdmin, PostingAdmin
from claims.overpaymentbook.admin import ClearanceAdmin, OverpaymentAdmin
from claims.payments.admin import PaymentBatchAdmin, PaymentOrderAdmin
from claims.policybook.admin import PolicyProposalAdmin
from claims.review.admin import ClaimAdmin
from claims.settlement.admin import SettledClaimAdmin, SettlementRunAdmin
from claims.specialdesk.admin import SpecialApplicationAdmin, SpecialCertificateAdmin
from claims.whatifbook.admin import WhatIfRunAdmin

__all__ = [
    "AreaFilingAdmin",
    "ClaimAdmin",
    "ClearanceAdmin",
    "CorrectionAdmin",
    "EntryAdmin",
    "FilingRuleAdmin",
    "OverpaymentAdmin",
    "PaymentBatchAdmin",
    "PaymentOrderAdmin",
    "PolicyProposalAdmin",
    "PostingAdmin",
    "ReviewCalendarAdmin",
    "SettledClaimAdmin",
    "SettlementRunAdmin",
    "SpecialApplicationAdmin",
    "SpecialCertificateAdmin",
    "SpecialDiseaseAdmin",
    "WhatIfRunAdmin",
]
