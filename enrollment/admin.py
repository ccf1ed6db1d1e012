"""The app's admin screens, each defined in its room."""

from enrollment.access.admin import RoleAdmin, UserAdmin
from enrollment.bureau.admin import BureauAdmin
from enrollment.calendar.admin import CalendarYearAdmin
from enrollment.coverage.admin import PremiumStandardAdmin
from enrollment.designation.admin import InstitutionAdmin
from enrollment.divisions.admin import DivisionAdmin
from enrollment.jobs.admin import ImportJobAdmin
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
    "BureauAdmin",
    "CalendarYearAdmin",
    "DivisionAdmin",
    "HouseholdAdmin",
    "ImportJobAdmin",
    "InstitutionAdmin",
    "IssuedPaperAdmin",
    "LegalParameterAdmin",
    "PersonAdmin",
    "PremiumStandardAdmin",
    "RoleAdmin",
    "UnmaskingAdmin",
    "UserAdmin",
]
