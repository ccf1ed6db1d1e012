"""The institution officer's queues: agreements that end, and institutions without one."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.designation.selectors import Standing, ending_soon, with_standing
from enrollment.desk.queues import FIRST, Queue, Waiting, capped, register_queue
from enrollment.desk.tags import Tone
from enrollment.institutions.models import Institution

_LIST = "admin:enrollment_institution_changelist"


def agreements_ending(_user: User) -> Queue:
    """Institutions whose last agreement ends within two months; two statements."""
    today = timezone.localdate()
    rows = ending_soon(with_standing(Institution.objects.all(), today), today)
    first = [
        Waiting(
            row.name,
            reverse("admin:enrollment_institution_change", args=[row.pk]),
            row.code,
            row.agreement_ends_on.isoformat(),
            Tone.AMBER,
        )
        for row in rows.order_by("agreement_ends_on", "code")[:FIRST]
    ]
    return Queue(
        key="agreements_ending",
        title=_("Agreements ending soon"),
        count=capped(rows) if first else 0,
        url=f"{reverse(_LIST)}?agreement=ending",
        hint=_("Without a further agreement services are not those of a designated institution."),
        tone=Tone.AMBER,
        first=first,
    )


def agreements_expired(_user: User) -> Queue:
    """Institutions whose agreement has run out and that have no other; two statements."""
    today = timezone.localdate()
    standing: QuerySet[Any] = with_standing(Institution.objects.all(), today)
    rows = standing.filter(standing=Standing.EXPIRED)
    first = [
        Waiting(
            row.name,
            reverse("admin:enrollment_institution_change", args=[row.pk]),
            row.code,
            row.agreement_ends_on.isoformat(),
        )
        for row in rows.order_by("-agreement_ends_on", "code")[:FIRST]
    ]
    return Queue(
        key="agreements_expired",
        title=_("Agreements expired"),
        count=capped(rows) if first else 0,
        url=f"{reverse(_LIST)}?agreement={Standing.EXPIRED}",
        hint=_("Renew them, or let the institutions go."),
        tone=Tone.NEUTRAL,
        first=first,
    )


def register() -> None:
    """Tell the desk; called once by `enrollment.designation.screens`."""
    register_queue("enrollment.add_agreement", agreements_ending, order=210)
    register_queue("enrollment.add_agreement", agreements_expired, order=220)
