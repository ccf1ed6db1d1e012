"""Where failed jobs stand, and the operator's card."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone
from enrollment.failures.admin_views import NoteFailureView
from enrollment.failures.selectors import unnoted_failures

_NOTE = "enrollment.note_failedjob"


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "system",
        _("Failed jobs"),
        "admin:enrollment_failedjob_changelist",
        permission="enrollment.view_failedjob",
        order=45,
        hint=_("Jobs of the workers that ended in an error, and what was done about them."),
        whole_county=True,
    )
    register_view(
        "enrollment/failedjob/<int:pk>/note/",
        NoteFailureView.as_view(),
        "enrollment_failedjob_note",
        permission=_NOTE,
        whole_county=True,
    )
    register_queue(_NOTE, _waiting, order=5, whole_county=True)


def _waiting(_user: User) -> Queue:
    """What nobody has taken note of."""
    count = unnoted_failures().count()
    return Queue(
        key="enrollment_failures",
        title=_("Failed jobs"),
        count=count,
        url=reverse("admin:enrollment_failedjob_changelist") + "?state=open",
        hint=_("Look at each, put it right and say what you did."),
        tone=Tone.RED if count else Tone.NEUTRAL,
    )
