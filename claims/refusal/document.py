"""The decision not to pay as a document to print."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.models import Claim, ClaimState
from claims.review.models import ClaimTransition
from claims.review.reasons import LAWSUIT_LAW, REASONS, RECONSIDERATION_LAW
from enrollment.bureau.selectors import (
    competent_court,
    current_bureau,
    reviewing_government,
)
from enrollment.parameters.selectors import Code, parameter_on
from enrollment.printing.documents import Document
from enrollment.printing.words import long_day
from enrollment.values.capitals import in_capitals
from enrollment.values.money import format_yuan

KIND = "decision_not_to_pay"


def rejection_of(claim: Claim) -> ClaimTransition | None:
    """The step by which the claim was rejected; None while it is not."""
    if claim.state != ClaimState.REJECTED:
        return None
    return claim.transitions.filter(action="reject").order_by("id").last()


def decision_of(claim: Claim, rejection: ClaimTransition) -> Document:
    """The decision in the reader's language: facts and reason as the reviewer wrote and chose them.

    The terms of reconsideration and lawsuit are those in force on the day of the decision.
    """
    decided_on = timezone.localdate(rejection.at)
    bureau = current_bureau()
    reason = REASONS.get(rejection.reason)
    return Document(
        kind=KIND,
        number=claim.number,
        title=_("Decision not to pay medical security benefits"),
        template="claims/refusal.html",
        context={
            "claim": claim,
            "accepted_on": long_day(timezone.localdate(claim.entered_at)),
            "total_in_capitals": in_capitals(claim.total),
            "facts": rejection.note,
            "reason": reason.label if reason else rejection.reason,
            "article": reason.article if reason else "",
            "government": reviewing_government(bureau),
            "court": competent_court(bureau),
            "review_days": _whole(parameter_on(Code.REVIEW_TERM, decided_on)),
            "review_law": RECONSIDERATION_LAW,
            "lawsuit_months": _whole(parameter_on(Code.LAWSUIT_TERM, decided_on)),
            "lawsuit_law": LAWSUIT_LAW,
            "decided_on": long_day(decided_on),
        },
        summary=(
            (_("Resident"), claim.person.name),
            (_("Total cost"), format_yuan(claim.total)),
            (_("Decided on"), decided_on.isoformat()),
        ),
    )


def _whole(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
