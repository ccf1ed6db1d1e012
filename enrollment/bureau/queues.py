"""The administrator's reminder: what papers name and the settings lack."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.bureau.models import Bureau
from enrollment.bureau.selectors import unnamed_on_papers
from enrollment.desk.queues import FIRST, Queue, Waiting, register_queue
from enrollment.desk.tags import Tone


def settings_to_enter(_user: User) -> Queue | None:
    """A card while decisions and notices lack what they must name; one statement."""
    missing = unnamed_on_papers()
    if not missing:
        return None
    url = reverse("admin:enrollment_bureau_changelist")
    fields = {field.name: field.verbose_name for field in Bureau._meta.fields}
    labels = [capfirst(str(fields[name])) for name in missing]
    return Queue(
        key="bureau_settings_missing",
        title=_("Bureau settings to enter"),
        count=len(missing),
        url=url,
        hint=_("Decisions and notices name them; without a court no penalty can be decided."),
        tone=Tone.AMBER,
        first=[Waiting(label, url) for label in labels[:FIRST]],
    )


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_queue("enrollment.change_bureau", settings_to_enter, order=8)
