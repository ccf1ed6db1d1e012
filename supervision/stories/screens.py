"""The sections of supervision."""

from django.utils.translation import gettext_lazy as _

from enrollment.models import Person
from enrollment.stories.sections import register_section
from supervision.stories.person import findings_around


def register() -> None:
    """Tell the pages of residents; called once by `supervision.screens`."""
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
