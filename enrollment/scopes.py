"""How each of enrolment's records belongs to a township (see `enrollment.access.scope`)."""

from django.contrib.auth.models import Group, Permission

from enrollment.access.scope import by_division, open_to_all, whole_county
from enrollment.models import (
    AccountChange,
    AccountEvent,
    Agreement,
    AssistanceIdentity,
    AuditLink,
    Bureau,
    CalendarDay,
    CalendarYear,
    Division,
    Enrolment,
    Export,
    FailedJob,
    Household,
    IdentityChange,
    ImportJob,
    Institution,
    IssuedPaper,
    LegalParameter,
    Person,
    PremiumStandard,
    PremiumSubsidy,
    RecordReading,
    Suspension,
    Unmasking,
    User,
)

by_division(Person, "division")
by_division(Household, "division")
by_division(Enrolment, "person__division")
by_division(AssistanceIdentity, "person__division")
by_division(AccountChange, "person__division")
by_division(IdentityChange, "identity__person__division")
by_division(Unmasking, "person__division")
by_division(RecordReading, "person__division")

# A resident is treated anywhere: institutions and what a year costs are the same for all.
open_to_all(Division, Institution, Agreement, Suspension, PremiumStandard, PremiumSubsidy)
open_to_all(Bureau, CalendarDay, CalendarYear, LegalParameter)

# Accounts and imported files are the county's; a paper's line says of nobody where they live.
whole_county(User, AccountEvent, AuditLink, FailedJob, IssuedPaper, ImportJob)
# One's own; the log of everybody's is kept from who is limited (`enrollment.exports.admin`).
open_to_all(Export)
open_to_all(Group, Permission)
