"""The enrolment officer's queue: premium standards that nobody has confirmed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.coverage.models import PremiumStandard
from enrollment.desk.queues import FIRST, Queue, Waiting, capped, register_queue
from enrollment.desk.tags import Tone


def standards_to_confirm(_user: User) -> Queue:
    """Standards whose figures wait for the bureau's document, the newest first; two statements."""
    rows = PremiumStandard.objects.filter(confirmed=False)
    first = [
        Waiting(
            str(row.year),
            reverse("admin:enrollment_premiumstandard_change", args=[row.pk]),
            row.source,
        )
        for row in rows.order_by("-year")[:FIRST]
    ]
    return Queue(
        key="standards_to_confirm",
        title=_("Premium standards to confirm"),
        count=capped(rows) if first else 0,
        url=f"{reverse('admin:enrollment_premiumstandard_changelist')}?confirmed__exact=0",
        hint=_("Compare the figures with the document and confirm them."),
        tone=Tone.AMBER,
        first=first,
    )


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_queue("enrollment.change_premiumstandard", standards_to_confirm, order=110)
