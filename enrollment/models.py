"""The app's models, each defined in its room."""

from enrollment.access.models import User
from enrollment.bureau.models import Bureau
from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.coverage.models import Enrolment, PremiumStandard, PremiumSubsidy
from enrollment.divisions.models import Division
from enrollment.institutions.models import Agreement, Institution, Suspension
from enrollment.jobs.models import ImportJob
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

__all__ = [
    "AccountChange",
    "Agreement",
    "AssistanceIdentity",
    "Bureau",
    "CalendarDay",
    "CalendarYear",
    "Division",
    "Enrolment",
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
    "Suspension",
    "Unmasking",
    "User",
]
