"""The pages and the queue of corrections."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.correctionbook import admin_views
from claims.corrections.models import Correction, CorrectionState
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone

_LIST = "admin:claims_correction_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "claims",
        _("Corrections"),
        _LIST,
        permission="claims.view_correction",
        order=80,
        hint=_("Settled years calculated anew: before, after, and what follows."),
    )
    register_view(
        "enrollment/person/<int:pk>/correct-year/",
        admin_views.propose,
        "claims_correction_propose",
        permission="claims.propose_correction",
    )
    for action, view, permission in (
        ("approve", admin_views.ApproveView.as_view(), "approve_correction"),
        ("reject", admin_views.RejectView.as_view(), "approve_correction"),
        ("withdraw", admin_views.WithdrawView.as_view(), "propose_correction"),
    ):
        register_view(
            f"claims/correction/<int:pk>/{action}/",
            view,
            f"claims_correction_{action}",
            permission=f"claims.{permission}",
        )
    register_queue("claims.approve_correction", _to_approve, order=61)


def _to_approve(user: User) -> Queue:
    waiting = Correction.objects.filter(state=CorrectionState.PROPOSED)
    return Queue(
        key="corrections_to_approve",
        title=_("Corrections to approve"),
        count=visible_to(waiting.exclude(proposed_by=user), user).count(),
        url=f"{reverse(_LIST)}?turn=decide",
        hint=_("Settled years recalculated by others, waiting for your decision."),
        tone=Tone.BLUE,
    )
