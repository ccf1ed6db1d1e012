"""The pages of roll imports, and the card of one's own on the work desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_start, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone
from enrollment.jobs import admin_views
from enrollment.jobs.selectors import unseen_jobs

_IMPORT = "enrollment.import_roll"


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "people",
        _("Roll imports"),
        "admin:enrollment_importjob_changelist",
        permission="enrollment.view_importjob",
        order=50,
        hint=_("Which rolls came in, how far they are, and what was rejected."),
        whole_county=True,
    )
    job = "enrollment/importjob/<int:pk>/"
    for path, view, name, permission in (
        ("enrollment/importjob/hand-in/", admin_views.hand_in, "hand_in", _IMPORT),
        ("enrollment/importjob/template.xlsx", admin_views.template, "template", _IMPORT),
        (f"{job}progress/", admin_views.progress, "progress", "enrollment.view_importjob"),
        (f"{job}start/", admin_views.StartAgainView.as_view(), "start", _IMPORT),
        (f"{job}import/", admin_views.ImportCheckedView.as_view(), "import", _IMPORT),
        (f"{job}rejects.xlsx", admin_views.rejects, "rejects", _IMPORT),
    ):
        register_view(
            path,
            view,
            f"enrollment_importjob_{name}",
            permission=permission,
            whole_county=True,
        )
    register_start("enrollment_importjob_hand_in", _("Hand in a roll"), order=30)
    register_queue(_IMPORT, _mine, order=15, whole_county=True)


def _mine(user: User) -> Queue:
    return Queue(
        key="my_roll_imports",
        title=_("My roll imports"),
        count=unseen_jobs(user).count(),
        url=reverse("admin:enrollment_importjob_changelist"),
        hint=_("Under way, or finished and not looked at yet."),
        tone=Tone.BLUE,
    )
