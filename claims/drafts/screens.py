"""The drafts' addresses and their card on the desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.drafts import views
from claims.drafts.models import WindowDraft
from enrollment.access.models import User
from enrollment.desk.navigation import register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    for path, view in (("save", views.save), ("discard", views.discard)):
        register_view(
            f"window/draft/{path}/",
            view,
            f"claims_window_draft_{path}",
            permission="claims.enter_claim",
        )
    register_queue("claims.enter_claim", _my_drafts, order=8)


def _my_drafts(user: User) -> Queue | None:
    """A card while there is something to continue."""
    count = WindowDraft.objects.filter(clerk=user).count()
    if not count:
        return None
    return Queue(
        key="claims_drafts",
        title=_("My drafts"),
        count=count,
        url=reverse("admin:claims_window"),
        hint=_("Claims begun and not submitted: continue where you left."),
        tone=Tone.AMBER,
    )
