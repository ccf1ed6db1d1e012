"""What is known of enquiries about claims."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from claims.verification.models import Verification
from claims.verification.rules import Answer, Thresholds
from enrollment.models import LegalParameter
from enrollment.parameters.selectors import Code
from enrollment.values.written import invoice_number

Facts = tuple[int, str, Decimal]


class ThresholdsByDay:
    """The thresholds of any day, read once: one statement."""

    def __init__(self) -> None:
        rows = LegalParameter.objects.in_force().filter(
            code__in=(Code.PHONE_FROM, Code.LETTER_FROM)
        )
        self._rows = list(rows.order_by("starts_on").values_list("code", "starts_on", "value"))

    def on(self, day: date) -> Thresholds:
        """Those in force on the day of entry."""
        values = {code: value for code, starts_on, value in self._rows if starts_on <= day}
        return Thresholds(values.get(Code.PHONE_FROM), values.get(Code.LETTER_FROM))


def answers_about(claim_ids: Collection[int]) -> dict[tuple[int, Facts], list[Answer]]:
    """The hospitals' answers by claim and verified facts, oldest first; one statement."""
    found: defaultdict[tuple[int, Facts], list[Answer]] = defaultdict(list)
    rows = Verification.objects.filter(claim_id__in=claim_ids).order_by("id")
    for pk, institution, invoice, total, method, result in rows.values_list(
        "claim_id", "institution_id", "invoice_no", "total", "method", "result"
    ):
        found[pk, (institution, invoice_number(invoice), total)].append(Answer(method, result))
    return found
