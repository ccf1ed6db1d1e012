"""Special disease papers, filings, corrections and what these leave, by number."""

import re
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.certificates.models import SpecialCertificate
from claims.correctionbook.tones import CORRECTION_TONES
from claims.corrections.models import Correction
from claims.filingdesk.standing import standing_of as filing_standing
from claims.outofarea.models import AreaFiling
from claims.overpaymentbook.tones import CLEARANCE_TONES, standing_of
from claims.overpayments.models import Clearance, Overpayment
from claims.overpayments.selectors import with_standing
from claims.specialcare.models import SpecialApplication
from claims.specialdesk.tones import APPLICATION_TONES
from claims.specialdesk.tones import standing_of as certificate_standing
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.search.finders import FETCHED, Hit, register_finder
from enrollment.values.money import format_yuan
from enrollment.values.written import numbered_key

# A number holds the record's key, and of certificates and filings the year of the first day.
_APPLICATION = re.compile(r"TM([0-9]{7,15})", re.IGNORECASE)
_OF_A_YEAR = r"{}([0-9]{{4}})([0-9]{{6,15}})"
_CERTIFICATE = re.compile(_OF_A_YEAR.format("MT"), re.IGNORECASE)
_FILING = re.compile(_OF_A_YEAR.format("YD"), re.IGNORECASE)


def applications(term: str, user: User) -> list[Hit]:
    """An application for a special disease by its number."""
    match = _APPLICATION.fullmatch(term)
    if match is None:
        return []
    numbered = visible_to(SpecialApplication.objects.filter(pk=int(match[1])), user)
    return [
        Hit(
            one.number,
            reverse("admin:claims_specialapplication_change", args=[one.pk]),
            (one.person.name, one.disease.name),
            one.get_state_display(),
            APPLICATION_TONES[one.state],
        )
        for one in numbered.select_related("person", "disease")[:FETCHED]
        if one.number == term.upper()
    ]


def certificates(term: str, user: User) -> list[Hit]:
    """A certificate by the number on the paper."""
    match = _CERTIFICATE.fullmatch(term)
    if match is None:
        return []
    numbered = visible_to(SpecialCertificate.objects.filter(pk=int(match[2])), user)
    today = timezone.localdate()
    return [
        Hit(
            one.number,
            reverse("admin:claims_specialcertificate_change", args=[one.pk]),
            (one.person.name, one.disease.name, _days(one.starts_on, one.ends_on)),
            *certificate_standing(one, today),
        )
        for one in numbered.select_related("person", "disease")[:FETCHED]
        if one.number == term.upper()
    ]


def filings(term: str, user: User) -> list[Hit]:
    """A filing of care outside the area by the number on the slip."""
    match = _FILING.fullmatch(term)
    if match is None:
        return []
    numbered = visible_to(AreaFiling.objects.filter(pk=int(match[2])), user)
    today = timezone.localdate()
    return [
        Hit(
            one.number,
            reverse("admin:claims_areafiling_change", args=[one.pk]),
            (one.person.name, one.get_kind_display(), _days(one.starts_on, one.ends_on)),
            *filing_standing(one, today),
        )
        for one in numbered.select_related("person")[:FETCHED]
        if one.number == term.upper()
    ]


def corrections(term: str, user: User) -> list[Hit]:
    """A correction by its number."""
    key = numbered_key("G", term)
    if key is None:
        return []
    numbered = visible_to(Correction.objects.filter(pk=key), user)
    return [
        Hit(
            str(one),
            reverse("admin:claims_correction_change", args=[one.pk]),
            (one.person.name, str(one.year), one.get_cause_display()),
            one.get_state_display(),
            CORRECTION_TONES[one.state],
        )
        for one in numbered.select_related("person")[:FETCHED]
    ]


def overpayments(term: str, user: User) -> list[Hit]:
    """An overpayment by its number."""
    key = numbered_key("T", term)
    if key is None:
        return []
    numbered = visible_to(Overpayment.objects.filter(pk=key), user)
    found = with_standing(numbered, timezone.localdate())
    return [
        Hit(
            str(one),
            reverse("admin:claims_overpayment_change", args=[one.pk]),
            (str(one.person or one.institution), format_yuan(one.still_open)),
            *standing_of(one.still_open, has_plan=one.has_plan, is_overdue=one.is_overdue),
        )
        for one in found.select_related("person", "institution")[:FETCHED]
    ]


def clearances(term: str, user: User) -> list[Hit]:
    """A set-off or write-off by its number."""
    key = numbered_key("D", term)
    if key is None:
        return []
    numbered = visible_to(Clearance.objects.filter(pk=key), user)
    found = numbered.select_related("overpayment__person", "overpayment__institution")
    return [
        Hit(
            str(one),
            reverse("admin:claims_clearance_change", args=[one.pk]),
            (str(one.overpayment.person or one.overpayment.institution), format_yuan(one.amount)),
            one.get_state_display(),
            CLEARANCE_TONES[one.state],
        )
        for one in found[:FETCHED]
    ]


def _days(first: date, last: date | None) -> str:
    return f"{first.isoformat()} – {last.isoformat() if last else ''}".rstrip()


def register() -> None:
    """Tell the box; called once by `claims.screens`."""
    for order, key, title, find, permission in (
        (42, "applications", _("Special disease applications"), applications, "specialapplication"),
        (44, "certificates", _("Special disease certificates"), certificates, "specialcertificate"),
        (46, "filings", _("Filings of care outside the area"), filings, "areafiling"),
        (70, "corrections", _("Corrections"), corrections, "correction"),
        (72, "overpayments", _("Overpayments"), overpayments, "overpayment"),
        (74, "clearances", _("Set-offs and write-offs"), clearances, "clearance"),
    ):
        register_finder(key, title, find, permission=f"claims.view_{permission}", order=order)
