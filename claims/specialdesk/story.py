"""Certificates and applications on a resident's page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.certificates.selectors import certificates_of
from claims.specialcare.models import SpecialApplication
from claims.specialcare.selectors import applications_of
from claims.specialdesk.tones import APPLICATION_TONES, standing_of
from enrollment.access.models import User
from enrollment.desk.tags import Tone
from enrollment.models import Person
from enrollment.stories.sections import Event, Told, day_of


@dataclass(frozen=True)
class CertificateLine:
    """One certificate and what it is worth today."""

    certificate: SpecialCertificate
    standing: str
    tone: Tone


@dataclass(frozen=True)
class ApplicationLine:
    """One application and the colour of its state."""

    application: SpecialApplication
    tone: Tone


def told(person: Person, _user: User) -> Told:
    """The resident's certificates and applications; two statements."""
    today = timezone.localdate()
    certificates = [
        CertificateLine(one, *standing_of(one, today)) for one in certificates_of(person.pk)
    ]
    applications = [
        ApplicationLine(one, APPLICATION_TONES[one.state]) for one in applications_of(person.pk)
    ]
    facts = {"certificates": certificates, "applications": applications, "person": person}
    return Told(facts, len(certificates) + len(applications), _events(certificates, applications))


def _events(
    certificates: list[CertificateLine], applications: list[ApplicationLine]
) -> list[Event]:
    events = [
        Event(
            day_of(line.application.filed_at),
            _("Application for a special disease"),
            f"{line.application.number} {line.application.disease.name}",
            reverse("admin:claims_specialapplication_change", args=[line.application.pk]),
            Tone.BLUE,
        )
        for line in applications
    ]
    for line in certificates:
        one = line.certificate
        url = reverse("admin:claims_specialcertificate_change", args=[one.pk])
        detail = f"{one.number} {one.disease.name}"
        events.append(
            Event(one.starts_on, _("Certificate begins to hold"), detail, url, Tone.GREEN)
        )
        if one.state == CertificateState.REVOKED and one.revoked_from is not None:
            events.append(Event(one.revoked_from, _("Certificate revoked"), detail, url, Tone.RED))
    return events
