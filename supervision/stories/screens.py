"""The sections of supervision."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.tags import Label
from enrollment.models import Institution, Person
from enrollment.stories.sections import Loader, register_section
from supervision.stories import institution
from supervision.stories.person import findings_around


def register() -> None:
    """Tell the pages of residents and institutions; called once by `supervision.screens`."""
    register_section(
        Person,
        "findings",
        _("Findings where this resident was treated"),
        load=findings_around,
        template="supervision/story/findings_around.html",
        permission="supervision.view_finding",
        order=70,
        statements=1,
    )
    sections: tuple[tuple[int, str, Label, Loader, str, int], ...] = (
        (50, "visits", _("Inspection visits"), institution.visits_of, "view_visit", 1),
        (60, "findings", _("Findings"), institution.findings_of, "view_finding", 1),
        (70, "cases", _("Cases"), institution.cases_of, "view_case", 1),
        (80, "recoveries", _("Recoveries"), institution.recoveries_of, "view_recovery", 3),
        (90, "fines", _("Fines"), institution.fines_of, "view_fine", 3),
    )
    for order, key, title, load, permission, statements in sections:
        register_section(
            Institution,
            key,
            title,
            load=load,
            template=f"supervision/story/{key}.html",
            permission=f"supervision.{permission}",
            order=order,
            statements=statements,
        )
