"""What the tests of certificates and filings share: a filing, the findings, the night's row."""

from datetime import date

from claims.chunks.facts import Slice, load_claims
from claims.intake.selectors import Candidate, findings_for
from claims.models import AreaFiling
from claims.tests.factories import NOW, make_clerk
from claims.tests.special import (
    hospital,
)

DAY = date(2026, 9, 10)


def file(person, kind="long_term", **fields):
    facts = {
        "starts_on": date(2026, 9, 8),
        "place": "湘西州",
        "area_code": "4331",
        "filed_by": make_clerk(),
        "filed_at": NOW,
    }
    if kind == "referral":
        facts |= {"referred_by": hospital(), "letter_no": "7", "letter_on": date(2026, 9, 1)}
    return AreaFiling.objects.create(person=person, kind=kind, **{**facts, **fields})


def codes(person, draft, *, from_window=True):
    candidate = Candidate(person.pk, draft, from_window=from_window)
    (findings,) = findings_for([candidate], today=date(2026, 11, 24))
    return {(one.code, one.severity.value) for one in findings}


def night_row(claim):
    """What the night knows of an approved claim."""
    everybody = Slice(0, 2**62, claim.pk)
    (row,) = load_claims(date(2030, 1, 1), everybody)
    return row
