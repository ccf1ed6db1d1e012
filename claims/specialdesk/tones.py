"""The colours of applications and certificates."""

from datetime import date

from django.utils.translation import gettext as _

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.specialcare.models import ApplicationState
from enrollment.desk.tags import Tone

APPLICATION_TONES: dict[str, Tone] = {
    ApplicationState.FILED: Tone.BLUE,
    ApplicationState.RETURNED: Tone.AMBER,
    ApplicationState.CHECKED: Tone.BLUE,
    ApplicationState.AGREED: Tone.BLUE,
    ApplicationState.ISSUED: Tone.GREEN,
    ApplicationState.REFUSED: Tone.RED,
    ApplicationState.WITHDRAWN: Tone.NEUTRAL,
}


def standing_of(certificate: SpecialCertificate, day: date) -> tuple[str, Tone]:
    """What the certificate is worth on the day, in a word and its colour."""
    if certificate.holds_on(day):
        return _("in force"), Tone.GREEN
    if certificate.state == CertificateState.REVOKED:
        return _("revoked"), Tone.RED
    if day < certificate.starts_on:
        return _("not yet in force"), Tone.BLUE
    return _("expired"), Tone.NEUTRAL
