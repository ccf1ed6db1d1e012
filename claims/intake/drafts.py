"""A claim as it is being typed, before it exists."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.benefit.types import PRIOR_LAYERS, ClaimFacts, told_by
from claims.intake.models import Claim, ExcludedCause
from enrollment.models import Institution
from enrollment.values.money import ZERO
from enrollment.values.written import invoice_number

# What a clerk may correct, in the order of the page.
DRAFT_FIELDS = (
    "institution",
    "kind",
    "detail",
    "filing",
    "admitted_on",
    "discharged_on",
    "diagnosis",
    "invoice_no",
    "total",
    "excluded",
    "over_limit",
    "first_self_pay",
    *(f"already_{layer}" for layer in PRIOR_LAYERS),
    "excluded_cause",
)


@dataclass(frozen=True)
class ClaimDraft:
    """The facts of one claim; amounts in yuan, days as on the papers.

    `admitted_on` belongs to stays only, `detail` to some kinds (`claims.benefit.types.DETAILS`).
    In-policy cost may come out negative here: the rules stop such a draft. An invoice has one
    spelling, whoever typed it (`enrollment.values.written.invoice_number`).
    """

    institution: Institution
    kind: str
    discharged_on: date
    total: Decimal
    admitted_on: date | None = None
    detail: str = ""
    filing: str = Claim.Filing.NONE
    diagnosis: str = ""
    invoice_no: str = ""
    excluded: Decimal = ZERO
    over_limit: Decimal = ZERO
    first_self_pay: Decimal = ZERO
    already_basic: Decimal = ZERO
    already_critical_illness: Decimal = ZERO
    already_medical_aid: Decimal = ZERO
    already_poverty: Decimal = ZERO
    excluded_cause: str = ExcludedCause.NONE.value

    def __post_init__(self) -> None:
        """Bring the invoice number to its one spelling."""
        object.__setattr__(self, "invoice_no", invoice_number(self.invoice_no))

    @property
    def in_policy(self) -> Decimal:
        """In-policy cost (政策范围内费用) in yuan."""
        return self.total - self.excluded - self.over_limit - self.first_self_pay

    @property
    def depends_on_filing(self) -> bool:
        """Whether filing or referral changes what it gets: a stay outside the county."""
        return self.kind == Claim.Kind.INPATIENT and not self.institution.in_county

    @property
    def already_paid(self) -> dict[str, Decimal]:
        """What layers outside the scheme have paid, by layer; those that paid nothing left out."""
        paid = {layer: getattr(self, f"already_{layer}") for layer in PRIOR_LAYERS}
        return {layer: amount for layer, amount in paid.items() if amount}

    def facts(self, name: str) -> ClaimFacts:
        """What the calculator reads of it; `name` stands for the claim in what it answers."""
        return ClaimFacts(
            id=name,
            kind=self.kind,
            discharged_on=self.discharged_on,
            total=self.total,
            excluded=self.excluded,
            over_limit=self.over_limit,
            first_self_pay=self.first_self_pay,
            level=self.institution.level,
            in_county=self.institution.in_county,
            filing=self.filing,
            already_paid=self.already_paid,
            **told_by(self.detail),
        )

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
