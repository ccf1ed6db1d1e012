"""Applications, certificates and filings by the numbers that their lists and papers show."""

import re
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.certificates.models import SpecialCertificate
from claims.filingdesk.standing import standing_of as filing_standing
from claims.outofarea.models import AreaFiling
from claims.specialcare.models import SpecialApplication
from claims.specialdesk.tones import APPLICATION_TONES
from claims.specialdesk.tones import standing_of as certificate_standing
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.search.finders import FETCHED, Hit, register_finder

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


def _days(first: date, last: date | None) -> str:
    return f"{first.isoformat()} – {last.isoformat() if last else ''}".rstrip()


def register() -> None:
    """Tell the box; called once by `claims.screens`."""
    for order, key, title, find, permission in (
        (42, "applications", _("Special disease applications"), applications, "specialapplication"),
        (44, "certificates", _("Special disease certificates"), certificates, "specialcertificate"),
        (46, "filings", _("Filings of care outside the area"), filings, "areafiling"),
    ):
        register_finder(key, title, find, permission=f"claims.view_{permission}", order=order)
