"""Filing an application for a special disease at the window, and supplying its papers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.certificates.selectors import certificates_of
from claims.diseases.models import DiseaseTerm, SpecialDisease
from claims.diseases.selectors import diseases_on, term_on
from claims.specialcare.models import (
    OPEN,
    ApplicationState,
    ApplicationTransition,
    SpecialApplication,
)
from claims.specialcare.selectors import level_rank, missing_papers, paper_names
from claims.specialcare.services import take_step
from enrollment.coverage.selectors import coverage_on
from enrollment.models import Institution, Person, User
from enrollment.transitions.table import NotPermitted, TransitionRefused


@dataclass(frozen=True)
class Evidence:
    """What is handed in: the hospital that found the disease, its diagnosis, kinds of paper."""

    hospital: Institution
    diagnosis: str
    papers: Collection[str]


def file_application(
    person: Person,
    disease: SpecialDisease,
    evidence: Evidence,
    *,
    actor: User,
    at: datetime,
    renews: SpecialCertificate | None = None,
    institution: Institution | None = None,
    note: str = "",
) -> SpecialApplication:
    """File an application at the window, on any day; it is reviewed in the next window.

    Where papers are missing it waits for them (一次性告知) as `RETURNED`. Raises a
    TransitionRefused: NotPermitted without `claims.file_special`; for a disease that is not in the
    catalogue that day, evidence of too low a hospital, a resident not covered, a certificate that
    is held already (unless `renews` is that one) or an open application. Nothing is written then.
    """
    day = timezone.localdate(at)
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not actor.has_perm("claims.file_special"):
            raise NotPermitted(
                _("Your role does not include “%(action)s”. Ask the administrator.")
                % {"action": _("file applications for special diseases")}
            )
        term = required_term(disease, day)
        _require_evidence(term, evidence.hospital)
        _require_free(locked, disease, renews, day)
        missing = missing_papers(term, evidence.papers)
        application = SpecialApplication.objects.create(
            person=locked,
            disease=disease,
            evidence_from=evidence.hospital,
            diagnosis=evidence.diagnosis,
            papers=sorted(evidence.papers),
            institution=institution,
            renews=renews,
            state=ApplicationState.RETURNED if missing else ApplicationState.FILED,
            filed_by=actor,
            filed_at=at,
        )
        ApplicationTransition.objects.create(
            subject=application,
            action="file_incomplete" if missing else "file",
            to_state=application.state,
            actor=actor,
            at=at,
            note=_note_of(missing) if missing else note,
        )
    return application


def _note_of(missing: Collection[str]) -> str:
    """What the resident is told once; it stands in the log in Chinese."""
    with translation.override("zh-hans"):
        return _("To be supplied: %(papers)s") % {"papers": paper_names(missing)}


def supply_papers(
    application: SpecialApplication,
    papers: Collection[str],
    *,
    actor: User,
    at: datetime,
    note: str = "",
) -> SpecialApplication:
    """What was missing comes in; the application waits for its first review again.

    Raises TransitionRefused while papers are still missing; else as `move`.
    """
    held = {*application.papers, *papers}
    term = required_term(application.disease, timezone.localdate(application.filed_at))
    missing = missing_papers(term, held)
    if missing:
        raise TransitionRefused(
            _("Still to be supplied: %(papers)s.") % {"papers": paper_names(missing)}
        )
    return take_step(application, "supply", actor, at, note=note, changes={"papers": sorted(held)})


def required_term(disease: SpecialDisease, day: date) -> DiseaseTerm:
    """Validity and papers of a disease in the catalogue that day; else TransitionRefused."""
    term = term_on(disease, day)
    if term is None or not diseases_on(day).filter(pk=disease.pk).exists():
        raise TransitionRefused(
            _("“%(disease)s” is not in the catalogue on %(day)s.")
            % {"disease": disease.name, "day": day}
        )
    return term


def _require_evidence(term: DiseaseTerm, hospital: Institution) -> None:
    if level_rank(hospital.level) < level_rank(term.lowest_level):
        raise TransitionRefused(
            _(
                "The evidence must come from a hospital of at least %(level)s; %(name)s is of "
                "%(own)s."
            )
            % {
                "level": term.get_lowest_level_display(),
                "name": hospital.name,
                "own": hospital.get_level_display(),
            }
        )


def _require_free(
    person: Person, disease: SpecialDisease, renews: SpecialCertificate | None, day: date
) -> None:
    """Covered, no other application under way, and no certificate that still holds."""
    if coverage_on(person, day) is None:
        raise TransitionRefused(
            _("The resident is not covered on %(day)s: check the premium first.") % {"day": day}
        )
    under_way = SpecialApplication.objects.filter(person=person, disease=disease, state__in=OPEN)
    other = under_way.first()
    if other is not None:
        raise TransitionRefused(
            _("Application %(number)s for this disease is under way: %(state)s.")
            % {"number": other.number, "state": other.get_state_display()}
        )
    held = [one for one in certificates_of(person.pk) if one.disease_id == disease.pk]
    if renews is not None:
        _require_renewable(renews, held, disease)
        return
    for one in held:
        if one.state == CertificateState.ISSUED and (one.ends_on is None or one.ends_on >= day):
            raise TransitionRefused(
                _("The resident holds certificate %(number)s of this disease: renew it instead.")
                % {"number": one.number}
            )


def _require_renewable(
    renews: SpecialCertificate, held: Sequence[SpecialCertificate], disease: SpecialDisease
) -> None:
    if renews not in held:
        raise TransitionRefused(
            _("Certificate %(number)s is not this resident's for “%(disease)s”.")
            % {"number": renews.number, "disease": disease.name}
        )
    if renews.ends_on is None or renews.state != CertificateState.ISSUED:
        raise TransitionRefused(
            _("Certificate %(number)s has no end, or is revoked: there is nothing to renew.")
            % {"number": renews.number}
        )
    if any(one.starts_on > renews.starts_on and one.state == "issued" for one in held):
        raise TransitionRefused(
            _("Certificate %(number)s is renewed already.") % {"number": renews.number}
        )
