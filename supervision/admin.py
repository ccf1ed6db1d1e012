"""The app's admin screens, each defined in its room."""

from supervision.dossier.cases import CaseAdmin
from supervision.dossier.findings import FindingAdmin
from supervision.inspections.admin import VisitAdmin
from supervision.penalties.admin import FineAdmin, RecoveryAdmin

__all__ = ["CaseAdmin", "FindingAdmin", "FineAdmin", "RecoveryAdmin", "VisitAdmin"]
