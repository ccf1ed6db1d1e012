"""The reviews' pages and queues."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.review import admin_views
from claims.review.selectors import FIRST, HELD, MINE, RETURNED, SECOND, queue
from claims.review.urgent import most_urgent, overdue
from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, QueueProvider, capped, register_queue
from enrollment.desk.tags import Label, Tone


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "claims",
        _("Claims"),
        "admin:claims_claim_changelist",
        permission="claims.view_claim",
        order=20,
        hint=_("All claims with their state, cost and way through the reviews."),
    )
    for path, view, permission in (
        ("pass_first", admin_views.PassFirstView, "claims.review_first"),
        ("approve", admin_views.ApproveView, "claims.review_second"),
        ("return", admin_views.ReturnView, "claims.view_claim"),
        ("reject", admin_views.RejectView, "claims.reject_claim"),
        ("release", admin_views.ReleaseView, "claims.release_claim"),
    ):
        register_view(
            f"claims/claim/<int:pk>/{path}/",
            view.as_view(),
            f"claims_claim_{path}",
            permission=permission,
        )
    register_queue(
        "claims.enter_claim",
        _provider(
            RETURNED,
            _("Returned to me"),
            _("Sent back by a reviewer: correct and submit them again."),
            Tone.AMBER,
        ),
        order=10,
    )
    register_queue(
        "claims.enter_claim",
        _provider(
            MINE,
            _("Entered by me, under way"),
            _("Not decided yet: the resident who asks can be told how far it is."),
            Tone.NEUTRAL,
        ),
        order=15,
    )
    register_queue(
        "claims.review_first",
        _provider(
            FIRST,
            _("First review"),
            _("Submitted by others, waiting for the first review."),
            Tone.BLUE,
        ),
        order=20,
    )
    register_queue(
        "claims.review_second",
        _provider(
            SECOND,
            _("Second review"),
            _("Checked by others, waiting for your approval."),
            Tone.BLUE,
        ),
        order=30,
    )
    register_queue(
        "claims.release_claim",
        _provider(
            HELD,
            _("Held by the settlement"),
            _("The settlement could not take them: read why, then release, return or reject."),
            Tone.AMBER,
        ),
        order=40,
    )


def _provider(name: str, title: Label, hint: Label, tone: Tone) -> QueueProvider:
    """A card of the desk for one queue."""

    def provide(user: User) -> Queue:
        waiting = queue(name, user)
        first = most_urgent(waiting)
        return Queue(
            key=f"claims_{name}",
            title=title,
            count=capped(waiting) if first else 0,
            url=f"{reverse('admin:claims_claim_changelist')}?queue={name}",
            hint=hint,
            tone=tone,
            first=first,
            overdue=overdue(waiting) if first else 0,
            needs_reader=name != MINE,
        )

    return provide
