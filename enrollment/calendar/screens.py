"""The calendar's page, and the reminder of November."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.calendar.selectors import year_to_enter
from enrollment.desk.navigation import register_page
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "settings",
        _("Calendar"),
        "admin:enrollment_calendaryear_changelist",
        permission="enrollment.view_calendaryear",
        order=15,
        hint=_("Holidays and make-up days; terms in working days are counted by them."),
    )
    register_queue("enrollment.add_calendaryear", _missing_year, order=5, whole_county=True)


def _missing_year(_user: User) -> Queue | None:
    """A card while this year's calendar, or from November the next one's, is not entered."""
    year = year_to_enter(timezone.localdate())
    if year is None:
        return None
    return Queue(
        key="calendar_missing",
        title=_("Calendar of %(year)s to enter") % {"year": year},
        count=1,
        url=f"{reverse('admin:enrollment_calendaryear_add')}?year={year}",
        hint=_("Due dates in that year are a guess until its holidays are entered."),
        tone=Tone.AMBER,
    )
