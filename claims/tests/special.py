"""Applications, certificates and filings for tests."""

from datetime import date, datetime, time
from itertools import count
from typing import Any

from django.utils import timezone

from claims.certificates.services import Grant, write_certificate
from claims.models import (
    FilingRule,
    ReviewCalendar,
    SpecialApplication,
    SpecialCertificate,
    SpecialDisease,
)
from claims.specialcare.filing import Evidence, file_application
from claims.specialcare.services import Vote, issue_certificate, pass_first_review, record_votes
from claims.tests.factories import make_resident
from enrollment.models import Institution, Person, User
from enrollment.tests.factories import make_institution, make_user

_serial = count(1)
FILER = ["claims.file_special", "claims.file_outside"]
HYPERTENSION, CANCER = "M03900", "M00500"
PAPERS = ("identity", "diagnosis", "records", "reports", "pathology")


def moment(day: str, hour: int = 10) -> datetime:
    """An hour of a day at the bureau."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time(hour)))


def disease(code: str = HYPERTENSION) -> SpecialDisease:
    """One of the shipped catalogue."""
    return SpecialDisease.objects.get(code=code)


def hospital(level: str = "county", **fields: Any) -> Institution:
    """A hospital of the county."""
    return make_institution(level=level, **fields)


def someone(*permissions: str) -> User:
    """A member of staff with just these permissions of claims."""
    return make_user([f"claims.{name}" for name in permissions])


def filed(person: Person | None = None, day: str = "2026-11-02", **fields: Any) -> Any:
    """An application with all its papers, filed by a new clerk."""
    fields.setdefault("actor", make_user(FILER))
    evidence = Evidence(
        fields.pop("hospital", None) or hospital(),
        fields.pop("diagnosis", "I10.x00 高血压3级"),
        fields.pop("papers", PAPERS),
    )
    chosen = fields.pop("disease", None) or disease()
    return file_application(person or make_resident(), chosen, evidence, at=moment(day), **fields)


def votes(agree: int = 3, against: int = 0) -> list[Vote]:
    """So many members of a panel."""
    return [
        Vote(f"评审专家{nth}", nth <= agree, "县第一人民医院")
        for nth in range(1, agree + against + 1)
    ]


def checked(**fields: Any) -> SpecialApplication:
    """Past the first review of December."""
    return pass_first_review(
        filed(**fields), actor=someone("review_special"), at=moment("2026-12-11")
    )


def agreed(**fields: Any) -> SpecialApplication:
    """Past the panel of December."""
    return record_votes(
        checked(**fields), votes(), actor=someone("judge_special"), at=moment("2026-12-18")
    )


def issued(**fields: Any) -> SpecialCertificate:
    """The certificate of December."""
    return issue_certificate(
        agreed(**fields), actor=someone("recheck_special"), at=moment("2026-12-28")
    )


def make_certificate(person: Person | None = None, **fields: Any) -> SpecialCertificate:
    """A certificate of hypertension for 2026."""
    return write_certificate(
        person or make_resident(),
        Grant(
            fields.pop("disease", None) or disease(),
            fields.pop("starts_on", date(2026, 1, 1)),
            fields.pop("ends_on", date(2026, 12, 31)),
            fields.pop("document", f"旧系统〔2025〕{next(_serial)}号"),
        ),
        action="carry_over",
        actor=fields.pop("actor", None) or make_user(),
        at=moment("2026-01-05"),
    )


def check_certificates(since: str = "2026-07-01") -> ReviewCalendar:
    """From that day of service on, special-outpatient claims need a certificate."""
    row = ReviewCalendar.objects.order_by("-starts_on")[0]
    row.pk, row.starts_on, row.checks_claims = None, date.fromisoformat(since), True
    row.save(force_insert=True)
    return row


def check_filings(since: str = "2026-07-01") -> FilingRule:
    """From that day of service on, claims follow the filings."""
    row = FilingRule.objects.order_by("-starts_on")[0]
    row.pk, row.starts_on, row.checks_claims = None, date.fromisoformat(since), True
    row.save(force_insert=True)
    return row
