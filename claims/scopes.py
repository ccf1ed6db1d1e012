"""How each of the claims' records belongs to a township (see `enrollment.access.scope`)."""

from claims.models import (
    AccumulatorMovement,
    ApplicationTransition,
    AreaFiling,
    BankReturn,
    CertificateTransition,
    Claim,
    ClaimAttachment,
    ClaimPaper,
    ClaimTransition,
    Clearance,
    ClearanceTransition,
    Correction,
    CorrectionRound,
    CorrectionTransition,
    DiseaseTerm,
    Entry,
    FilingRule,
    FilingTransition,
    HeldClaim,
    Instalment,
    LayerPayment,
    Overpayment,
    PanelVote,
    PaymentBatch,
    PaymentOrder,
    PolicyProposal,
    PolicyRow,
    Posting,
    Repayment,
    RepaymentPlan,
    ReviewCalendar,
    Revision,
    RevisionLayer,
    RoundTransition,
    RoundYear,
    SetOff,
    SettledClaim,
    SettlementRun,
    SpecialApplication,
    SpecialCertificate,
    SpecialDisease,
    Verification,
    WhatIfRun,
    WindowDraft,
)
from enrollment.access.scope import by_division, open_to_all, whole_county

by_division(Claim, "person__division")
by_division(ClaimTransition, "subject__person__division")
by_division(ClaimPaper, "claim__person__division")
by_division(Verification, "claim__person__division")
by_division(ClaimAttachment, "claim__person__division")
by_division(WindowDraft, "person__division")
by_division(SettledClaim, "person__division")
by_division(HeldClaim, "claim__person__division")
by_division(LayerPayment, "settled__person__division")
by_division(AccumulatorMovement, "person__division")
by_division(SpecialApplication, "person__division")
by_division(ApplicationTransition, "subject__person__division")
by_division(PanelVote, "application__person__division")
by_division(SpecialCertificate, "person__division")
by_division(CertificateTransition, "subject__person__division")
by_division(AreaFiling, "person__division")
by_division(FilingTransition, "subject__person__division")
by_division(Correction, "person__division")
by_division(CorrectionTransition, "subject__person__division")
by_division(Revision, "settled__person__division")
by_division(RevisionLayer, "revision__settled__person__division")
by_division(Overpayment, "correction__person__division")
by_division(RepaymentPlan, "overpayment__correction__person__division")
by_division(Instalment, "plan__overpayment__correction__person__division")
by_division(Repayment, "overpayment__correction__person__division")
by_division(Clearance, "overpayment__correction__person__division")
by_division(ClearanceTransition, "subject__overpayment__correction__person__division")
by_division(SetOff, "clearance__overpayment__correction__person__division")
# Orders to institutions name no resident's division: the county's.
by_division(PaymentOrder, "person__division")

# A night, a batch and the books mix all townships.
whole_county(SettlementRun, PaymentBatch, BankReturn, Entry, Posting)
whole_county(CorrectionRound, RoundTransition, RoundYear)

# So does what a draft would cost the county.
whole_county(WhatIfRun)

# Policies, proposed and approved, hold for every township.
open_to_all(PolicyProposal, PolicyRow)

# The catalogue of diseases, its calendar and the rules of filings tell of nobody.
open_to_all(SpecialDisease, DiseaseTerm, ReviewCalendar, FilingRule)
