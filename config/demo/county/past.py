"""Settled years that are corrected: one claim taken back and owed in instalments, one proposed."""

from datetime import date, timedelta
from decimal import Decimal

from claims.corrections.models import Cause, Correction
from claims.corrections.services import approve_correction, propose_correction
from claims.intake.models import Claim, ClaimState
from claims.overpayments.plans import monthly_parts
from claims.overpayments.services import agree_plan, record_repayment
from claims.payments.models import OrderState
from config.demo.county.clock import hour
from config.demo.county.window import Staff
from enrollment.values.money import from_fen, to_fen

# Yuan that a claim which is taken back was paid at least and at most.
_LEAST, _MOST = Decimal(600), Decimal(6000)
_PARTS = 3


def correct_the_past(staff: Staff, *, last_day: date) -> None:
    """Two window claims that have been paid: the older one reversed, the other one proposed."""
    paid = Claim.objects.filter(
        state=ClaimState.SETTLED,
        source=Claim.Source.WINDOW,
        settled__paid__range=(_LEAST, _MOST),
        orders__state=OrderState.PAID,
    )
    oldest = list(paid.select_related("person").order_by("pk").distinct()[:2])
    for claim in oldest[:1]:
        _reverse(claim, staff, last_day)
    for claim in oldest[1:]:
        _propose(claim, staff, last_day, "经核实，该票据为他人票据。")


def _reverse(claim: Claim, staff: Staff, last_day: date) -> None:
    """Taken back by two people; what is owed comes in three parts, the first at once."""
    reversal = _propose(claim, staff, last_day, "票据已在外地报销，重复报销，整笔冲销。")
    approve_correction(reversal, actor=staff["benefit2"], at=hour(last_day, 15, 10))
    for owed in reversal.overpayments.order_by("pk"):
        fen = to_fen(owed.amount)
        parts = monthly_parts(fen, min(_PARTS, fen), last_day + timedelta(30))
        agree_plan(
            owed,
            [(day, from_fen(part)) for day, part in parts],
            note="本人到窗口签字，同意分三期退回。",
            actor=staff["finance1"],
            at=hour(last_day, 15, 40),
        )
        record_repayment(
            owed,
            amount=from_fen(parts[0][1]),
            on=last_day,
            document=f"演示-退-{owed.pk:04d}",
            actor=staff["finance1"],
            at=hour(last_day, 16),
        )


def _propose(claim: Claim, staff: Staff, day: date, note: str) -> Correction:
    made = propose_correction(
        claim.person,
        claim.discharged_on.year,
        cause=Cause.REVERSAL,
        note=note,
        document="演示",
        reverse=[claim.pk],
        actor=staff["benefit1"],
        at=hour(day, 14, 30),
    )
    if made.correction is None:
        raise ValueError("a claim that is taken back changes its year")
    return made.correction
