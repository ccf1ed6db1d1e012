"""The log of reading: its list, and its section on a resident's page."""

from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.audit.pages import name_page, page_label
from enrollment.desk.navigation import register_page
from enrollment.residents.models import Person
from enrollment.stories.sections import Told, register_section

ROWS_SHOWN = 20


def readings_of(person: Person, _user: User) -> Told:
    """Who opened the resident's pages last; one statement."""
    rows = list(person.page_readings.select_related("actor")[:ROWS_SHOWN])
    return Told({"rows": [(row, page_label(row.page)) for row in rows]}, len(rows))


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "people",
        _("Readings of pages"),
        "admin:enrollment_recordreading_changelist",
        permission="enrollment.view_recordreading",
        order=50,
        hint=_("Who opened whose page, and when."),
    )
    register_section(
        Person,
        "readings",
        _("Readings of pages"),
        load=readings_of,
        template="register/story/readings.html",
        permission="enrollment.view_recordreading",
        order=920,
        statements=1,
    )
    name_page("enrollment_person_change", _("Resident's page"))
