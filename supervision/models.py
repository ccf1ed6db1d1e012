"""The app's models, each defined in its room."""

from supervision.cases.models import Case, CaseState, CaseTransition, NumberSeries
from supervision.inspections.models import Finding, Visit, VisitState, VisitTransition
from supervision.penalties.models import (
    Fine,
    FineReceipt,
    Recovery,
    RecoveryReceipt,
    SuspensionOrder,
)

__all__ = [
    "Case",
    "CaseState",
    "CaseTransition",
    "Finding",
    "Fine",
    "FineReceipt",
    "NumberSeries",
    "Recovery",
    "RecoveryReceipt",
    "SuspensionOrder",
    "Visit",
    "VisitState",
    "VisitTransition",
]
