"""The app's models, each defined in its room."""

from enrollment.access.models import StaffPermission, StaffRole, User
from enrollment.audit.models import RecordReading
from enrollment.bureau.models import Bureau
from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.chain.models import AuditLink, AuditStretch
from enrollment.coverage.models import Enrolment, PremiumStandard, PremiumSubsidy
from enrollment.divisions.models import Division
from enrollment.exports.models import Export
from enrollment.failures.models import FailedJob
from enrollment.institutions.models import Agreement, Institution, Suspension
from enrollment.jobs.models import ImportJob
from enrollment.login.devices import Authenticator, RecoveryCodes
from enrollment.login.models import AccountEvent
from enrollment.parameters.models import LegalParameter
from enrollment.printing.models import IssuedPaper, PaperPdf, PaperPrint
from enrollment.residents.models import (
    AccountChange,
    AssistanceIdentity,
    Household,
    IdentityChange,
    IdentityKind,
    Person,
    Unmasking,
)
from enrollment.residents.readings import PersonReading
from enrollment.savedfilters.models import SavedFilter

__all__ = [
    "AccountChange",
    "AccountEvent",
    "Agreement",
    "AssistanceIdentity",
    "AuditLink",
    "AuditStretch",
    "Authenticator",
    "Bureau",
    "CalendarDay",
    "CalendarYear",
    "Division",
    "Enrolment",
    "Export",
    "FailedJob",
    "Household",
    "IdentityChange",
    "IdentityKind",
    "ImportJob",
    "Institution",
    "IssuedPaper",
    "LegalParameter",
    "PaperPdf",
    "PaperPrint",
    "Person",
    "PersonReading",
    "PremiumStandard",
    "PremiumSubsidy",
    "RecordReading",
    "RecoveryCodes",
    "SavedFilter",
    "StaffPermission",
    "StaffRole",
    "Suspension",
    "Unmasking",
    "User",
]
