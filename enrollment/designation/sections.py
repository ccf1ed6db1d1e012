"""What enrolment itself tells of an institution: agreements with suspensions, branches."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.designation.selectors import agreement_lines
from enrollment.desk.tags import Tone
from enrollment.institutions.models import Institution
from enrollment.stories.sections import Event, Told, register_section

BRANCHES_SHOWN = 100


def agreements_of(institution: Institution, _user: User) -> Told:
    """Every agreement with its suspensions, the latest first; three statements."""
    today = timezone.localdate()
    lines = agreement_lines(institution, today)
    events = []
    for line in lines:
        events.append(Event(line.row.starts_on, _("Agreement from this day"), tone=Tone.GREEN))
        if line.row.ends_on < today:
            events.append(Event(line.row.ends_on, _("Last day of the agreement")))
        events += [
            Event(one.starts_on, _("Agreement suspended"), one.reason, tone=Tone.RED)
            for one in line.suspensions
        ]
    return Told({"lines": lines}, len(lines), events)


def branches_of(institution: Institution, _user: User) -> Told | None:
    """The branches; one statement."""
    rows = list(institution.branches.order_by("code")[:BRANCHES_SHOWN])
    return Told({"rows": rows}, len(rows)) if rows else None


def register() -> None:
    """Tell the page of an institution; called once by `enrollment.designation.screens`."""
    register_section(
        Institution,
        "agreements",
        _("Agreements"),
        load=agreements_of,
        template="designation/story/agreements.html",
        permission="enrollment.view_institution",
        order=10,
        statements=3,
    )
    register_section(
        Institution,
        "branches",
        _("Branches"),
        load=branches_of,
        template="designation/story/branches.html",
        permission="enrollment.view_institution",
        order=20,
        statements=1,
    )
