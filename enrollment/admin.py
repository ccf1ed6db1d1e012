"""The app's admin screens, each defined in its room."""

from enrollment.access.admin import RoleAdmin, UserAdmin
from enrollment.audit.admin import RecordReadingAdmin
from enrollment.bureau.admin import BureauAdmin
from enrollment.calendar.admin import CalendarYearAdmin
from enrollment.chain.admin import AuditLinkAdmin
from enrollment.coverage.admin import PremiumStandardAdmin
from enrollment.designation.admin import InstitutionAdmin
from enrollment.divisions.admin import DivisionAdmin
from enrollment.exports.admin import ExportAdmin
from enrollment.failures.admin import FailedJobAdmin
from enrollment.jobs.admin import ImportJobAdmin
from enrollment.login.admin import AccountEventAdmin
from enrollment.parameters.admin import LegalParameterAdmin
from enrollment.printing.admin import IssuedPaperAdmin
from enrollment.register.admin import (
    AccountChangeAdmin,
    HouseholdAdmin,
    PersonAdmin,
    UnmaskingAdmin,
)

__all__ = [
    "AccountChangeAdmin",
    "AccountEventAdmin",
    "AuditLinkAdmin",
    "BureauAdmin",
    "CalendarYearAdmin",
    "DivisionAdmin",
    "ExportAdmin",
    "FailedJobAdmin",
    "HouseholdAdmin",
    "ImportJobAdmin",
    "InstitutionAdmin",
    "IssuedPaperAdmin",
    "LegalParameterAdmin",
    "PersonAdmin",
    "PremiumStandardAdmin",
    "RecordReadingAdmin",
    "RoleAdmin",
    "UnmaskingAdmin",
    "UserAdmin",
]
