"""Issuing, carrying over and revoking certificates."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.certificates.models import CertificateState, CertificateTransition, SpecialCertificate
from claims.certificates.states import CERTIFICATE_TRANSITIONS
from claims.diseases.models import ReviewCalendar, SpecialDisease
from enrollment.models import Institution, Person, User
from enrollment.transitions.table import NotPermitted, TransitionRefused, move


@dataclass(frozen=True)
class Grant:
    """What a certificate says: the disease, its days (both inclusive), what it rests on."""

    disease: SpecialDisease
    starts_on: date
    ends_on: date | None
    document: str
    institution: Institution | None = None


def write_certificate(
    person: Person, grant: Grant, *, action: str, actor: User, at: datetime
) -> SpecialCertificate:
    """Write a certificate with its first log row; the caller has asked for the permission.

    Raises TransitionRefused where the resident holds one of the disease in that period.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        certificate = SpecialCertificate(
            person=locked,
            disease=grant.disease,
            starts_on=grant.starts_on,
            ends_on=grant.ends_on,
            document=grant.document,
            institution=grant.institution,
            issued_by=actor,
            issued_at=at,
        )
        try:
            certificate.validate_constraints()
        except ValidationError as error:
            raise TransitionRefused(" ".join(error.messages)) from error
        certificate.save(force_insert=True)
        CertificateTransition.objects.create(
            subject=certificate,
            action=action,
            to_state=CertificateState.ISSUED,
            actor=actor,
            at=at,
            note=grant.document,
        )
    return certificate


def carry_over(person: Person, grant: Grant, *, actor: User, at: datetime) -> SpecialCertificate:
    """Enter a certificate that the system before the portal has issued.

    Only such as began before claims are checked for certificates: later ones come from an
    application. Raises NotPermitted without `claims.carry_certificate`, TransitionRefused for a
    later one and for a second one of the period.
    """
    if not actor.has_perm("claims.carry_certificate"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("enter certificates of the system before")}
        )
    checked = ReviewCalendar.objects.filter(checks_claims=True).order_by("starts_on").first()
    last = timezone.localdate(at) if checked is None else checked.starts_on
    if grant.starts_on > last:
        raise TransitionRefused(
            _(
                "A certificate that begins on %(day)s cannot come from the system before: claims "
                "are checked since %(since)s. The resident applies for it."
            )
            % {"day": grant.starts_on, "since": last}
        )
    return write_certificate(person, grant, action="carry_over", actor=actor, at=at)


def revoke_certificate(
    certificate: SpecialCertificate,
    *,
    revoked_from: date,
    reason: str,
    note: str,
    actor: User,
    at: datetime,
) -> SpecialCertificate:
    """Take a certificate back: services from `revoked_from` on are no longer paid by it.

    The day lies within the certificate's days, and may lie in the past where it should never have
    been issued; what is settled stays until a correction. Raises a TransitionRefused: NotPermitted
    without `claims.revoke_certificate`, SecondPersonRequired of whoever issued it, StateConflict
    for a revoked one, ReasonMissing.
    """
    days = certificate
    if revoked_from < days.starts_on or (days.ends_on and revoked_from > days.ends_on):
        raise TransitionRefused(
            _("Choose a day on which the certificate holds: %(first)s to %(last)s.")
            % {"first": days.starts_on, "last": days.ends_on or "—"}
        )
    moved: SpecialCertificate = move(
        certificate,
        "revoke",
        CERTIFICATE_TRANSITIONS,
        CertificateTransition,
        actor=actor,
        at=at,
        note=note,
        reason=reason,
        changes={"revoked_from": revoked_from},
    )
    return moved
