"""A resident's overpayments on their page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.overpaymentbook.tones import standing_of
from claims.overpayments.models import Overpayment
from claims.overpayments.selectors import with_standing
from enrollment.access.models import User
from enrollment.desk.tags import Tone
from enrollment.models import Person
from enrollment.stories.sections import Event, Told
from enrollment.values.money import ZERO, format_yuan


def overpayments_of(person: Person, _user: User) -> Told | None:
    """Everything asked back of the resident, with what is open; one statement."""
    mine = Overpayment.objects.filter(person=person).select_related("correction")
    rows = list(with_standing(mine, timezone.localdate()).order_by("-pk"))
    if not rows:
        return None
    lines = [
        (
            one,
            *standing_of(one.still_open, has_plan=one.has_plan, is_overdue=one.is_overdue),
        )
        for one in rows
    ]
    facts = {
        "lines": lines,
        "amount": sum((one.amount for one in rows), ZERO),
        "back": sum((one.back for one in rows), ZERO),
        "still_open": sum((one.still_open for one in rows), ZERO),
    }
    events = [
        Event(
            one.opened_on,
            _("Asked to pay back"),
            f"{one} {format_yuan(one.amount)}",
            reverse("admin:claims_overpayment_change", args=[one.pk]),
            Tone.AMBER,
        )
        for one in rows
    ]
    return Told(facts, len(rows), events)
