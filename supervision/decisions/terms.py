"""The terms that a decision tells the party of, as the law stood on its day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from enrollment.parameters.models import LegalParameter
from enrollment.parameters.selectors import Code, parameters_on


@dataclass(frozen=True)
class Terms:
    """Terms of payment and of legal remedy; None where no figure was in force.

    Attributes:
        payment_days: calendar days to pay a fine from the receipt of the decision (处罚法 §67).
        surcharge: per cent of the fine for each day late, at most the fine itself (§72).
        review_days: calendar days for reconsideration (复议法 §20).
        lawsuit_months: months for a lawsuit (行政诉讼法 §46).
    """

    payment_days: int | None
    surcharge: Decimal | None
    review_days: int | None
    lawsuit_months: int | None


def terms_on(day: date) -> Terms:
    """The terms in force on a day; one statement."""
    rows = parameters_on(day)
    surcharge = rows.get(Code.SURCHARGE)
    return Terms(
        payment_days=_whole(rows.get(Code.FINE_TERM)),
        surcharge=surcharge.value if surcharge else None,
        review_days=_whole(rows.get(Code.REVIEW_TERM)),
        lawsuit_months=_whole(rows.get(Code.LAWSUIT_TERM)),
    )


def _whole(row: LegalParameter | None) -> int | None:
    return None if row is None else int(row.value)
