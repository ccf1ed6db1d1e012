"""The colours of clearances, and the words and colours of an overpayment's standing."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.overpayments.models import ClearanceState
from enrollment.desk.tags import Label, Tone

CLEARANCE_TONES: dict[str, Tone] = {
    ClearanceState.PROPOSED: Tone.AMBER,
    ClearanceState.APPROVED: Tone.GREEN,
    ClearanceState.REJECTED: Tone.RED,
    ClearanceState.WITHDRAWN: Tone.NEUTRAL,
}


def standing_of(still_open: Decimal, *, has_plan: bool, is_overdue: bool) -> tuple[Label, Tone]:
    """Cleared, overdue, in instalments, or nothing agreed yet."""
    if not still_open:
        return pgettext_lazy("overpayment", "cleared"), Tone.GREEN
    if is_overdue:
        return _("overdue"), Tone.RED
    if has_plan:
        return _("in instalments"), Tone.BLUE
    return _("nothing agreed yet"), Tone.AMBER
