"""Claims for tests: small, valid and the same on every run."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from claims.intake.drafts import ClaimDraft
from claims.models import Claim, ClaimState, ClaimTransition
from claims.review.services import reject_claim
from enrollment.models import Person, User
from enrollment.tests.factories import enrol, make_institution, make_person, make_user

_serial = count(1)
OWN = ("number", "source", "visit_no", "approved_on", "held_reason", "entered_at", "due_on")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_clerk(**fields: Any) -> User:
    """A window clerk."""
    return make_user(
        ["claims.enter_claim", "claims.view_claim", "enrollment.view_person"], **fields
    )


def make_reviewer(**fields: Any) -> User:
    """A reviewer of both steps."""
    return make_user(
        [
            "claims.view_claim",
            "claims.review_first",
            "claims.review_second",
            "claims.reject_claim",
            "claims.release_claim",
            "enrollment.view_person",
        ],
        **fields,
    )


def make_resident(**fields: Any) -> Person:
    """A resident who is covered in 2026."""
    person = make_person(**fields)
    enrol(person)
    return person


def make_draft(**fields: Any) -> ClaimDraft:
    """An inpatient stay in the county, 2026-09-01 to 2026-09-08, 10,000 yuan."""
    n = next(_serial)
    if "institution" not in fields:
        fields["institution"] = make_institution()
    defaults: dict[str, Any] = {
        "kind": Claim.Kind.INPATIENT,
        "admitted_on": date(2026, 9, 1),
        "discharged_on": date(2026, 9, 8),
        "diagnosis": "J18.9 肺炎",
        "invoice_no": f"F{n:08d}",
        "total": Decimal("10000.00"),
        "excluded": Decimal("600.00"),
        "over_limit": Decimal("0.00"),
        "first_self_pay": Decimal("200.00"),
    }
    return ClaimDraft(**{**defaults, **fields})


def make_claim(
    state: str = ClaimState.SUBMITTED, *, person: Person | None = None, **fields: Any
) -> Claim:
    """A claim in `state` with its entry in the log; `entered_by` is a new clerk unless given.

    Fields of the draft and of the claim may be mixed.
    """
    n = next(_serial)
    own = {name: fields.pop(name) for name in OWN if name in fields}
    actor = fields.pop("entered_by", None) or make_clerk()
    claim = Claim.objects.create(
        person=person or make_resident(),
        state=state,
        entered_by=actor,
        **{"number": f"20261124{700_000 + n}", "entered_at": NOW, **own},
        **make_draft(**fields).values(),
    )
    ClaimTransition.objects.create(
        subject=claim, action="submit", to_state=ClaimState.SUBMITTED, actor=actor, at=NOW
    )
    return claim


def make_rejected(
    *, reason: str = "third_party", note: str = "交通事故，对方负全责", **fields: Any
) -> Claim:
    """A claim that a reviewer has rejected."""
    claim = make_claim(ClaimState.CHECKED, **fields)
    return reject_claim(claim, actor=make_reviewer(), at=NOW, note=note, reason=reason)
