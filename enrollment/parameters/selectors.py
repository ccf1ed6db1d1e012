"""What a figure is on a day."""

from datetime import date
from decimal import Decimal

from enrollment.parameters.models import LegalParameter

Code = LegalParameter.Code


def parameters_on(day: date) -> dict[str, LegalParameter]:
    """Each parameter's row in force on that day, by code; one statement."""
    rows = LegalParameter.objects.in_force().filter(starts_on__lte=day).order_by("starts_on")
    return {row.code: row for row in rows}


def parameter_on(code: LegalParameter.Code, day: date) -> Decimal | None:
    """The value in force on that day; None before its first one. One statement."""
    rows = LegalParameter.objects.in_force().filter(code=code, starts_on__lte=day)
    return rows.order_by("-starts_on").values_list("value", flat=True).first()
