"""A claim as it is being typed, before it exists."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.intake.models import Claim, ExcludedCause
from enrollment.models import Institution
from enrollment.values.money import ZERO

# What a clerk may correct, in the order of the page.
DRAFT_FIELDS = (
    "institution",
    "kind",
    "filing",
    "admitted_on",
    "discharged_on",
    "diagnosis",
    "invoice_no",
    "total",
    "excluded",
    "over_limit",
    "first_self_pay",
    "excluded_cause",
)


@dataclass(frozen=True)
class ClaimDraft:
    """The facts of one claim; amounts in yuan, days as on the papers.

    `admitted_on` belongs to inpatient claims only. In-policy cost may come out negative
    here: the rules stop such a draft.
    """

    institution: Institution
    kind: str
    discharged_on: date
    total: Decimal
    admitted_on: date | None = None
    filing: str = Claim.Filing.NONE
    diagnosis: str = ""
    invoice_no: str = ""
    excluded: Decimal = ZERO
    over_limit: Decimal = ZERO
    first_self_pay: Decimal = ZERO
    excluded_cause: str = ExcludedCause.NONE.value

    @property
    def in_policy(self) -> Decimal:
        """In-policy cost (政策范围内费用) in yuan."""
        return self.total - self.excluded - self.over_limit - self.first_self_pay

    @property
    def depends_on_filing(self) -> bool:
        """Whether filing or referral changes what it gets: a stay outside the county."""
        return self.kind == Claim.Kind.INPATIENT and not self.institution.in_county

    def values(self) -> dict[str, Any]:
        """The fields of the claim that the draft fills."""
        return {name: getattr(self, name) for name in DRAFT_FIELDS}


def draft_of(claim: Claim) -> ClaimDraft:
    """The claim's facts as a draft: to quote it, to check it again, to correct it."""
    return ClaimDraft(**{name: getattr(claim, name) for name in DRAFT_FIELDS})


def changes_between(claim: Claim, draft: ClaimDraft) -> dict[str, list[str]]:
    """Each field that the draft changes, with its old and new value as text.

    An institution is given by its code.
    """
    changes = {}
    for name in DRAFT_FIELDS:
        before, after = getattr(claim, name), getattr(draft, name)
        if before != after:
            changes[name] = [_as_text(before), _as_text(after)]
    return changes


def _as_text(value: object) -> str:
    if isinstance(value, Institution):
        return value.code
    return "" if value is None else str(value)
