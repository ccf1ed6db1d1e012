"""What a filing is worth on a day, and the filings on a resident's page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.outofarea.models import AreaFiling, FilingState
from claims.outofarea.selectors import filings_of
from enrollment.access.models import User
from enrollment.desk.tags import Tone
from enrollment.models import Person
from enrollment.stories.sections import Event, Told


def standing_of(filing: AreaFiling, day: date) -> tuple[str, Tone]:
    """What the filing is worth on the day, in a word and its colour."""
    if filing.holds_on(day):
        return _("in force"), Tone.GREEN
    if filing.state == FilingState.WITHDRAWN:
        return _("withdrawn"), Tone.NEUTRAL
    if day < filing.starts_on:
        return _("not yet in force"), Tone.BLUE
    return _("expired"), Tone.NEUTRAL


@dataclass(frozen=True)
class FilingLine:
    """One filing and what it is worth today."""

    filing: AreaFiling
    standing: str
    tone: Tone


def told(person: Person, _user: User) -> Told:
    """The resident's filings, newest first; one statement."""
    today = timezone.localdate()
    lines = [FilingLine(one, *standing_of(one, today)) for one in filings_of(person.pk)]
    events = [
        Event(
            line.filing.starts_on,
            gettext_lazy("Care outside the area filed"),
            f"{line.filing.number} {line.filing.get_kind_display()}",
            reverse("admin:claims_areafiling_change", args=[line.filing.pk]),
            Tone.BLUE,
        )
        for line in lines
    ]
    return Told({"lines": lines, "person": person}, len(lines), events)
