"""The pages and the queue of rounds."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.roundbook import admin_views
from claims.rounds.models import CorrectionRound, RoundState
from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone

_LIST = "admin:claims_correctionround_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "claims",
        _("Rounds of corrections"),
        _LIST,
        permission="claims.view_correctionround",
        order=85,
        hint=_(
            "Identities and policies changed retroactively: all years touched, decided together."
        ),
        whole_county=True,
    )
    one = "claims/correctionround/<int:pk>/"
    for path, view, name, permission in (
        ("claims/correctionround/start/", admin_views.start, "start", "propose_correction"),
        (f"{one}progress/", admin_views.progress, "progress", "view_correctionround"),
        (
            f"{one}approve/",
            admin_views.ApproveRoundView.as_view(),
            "approve",
            "approve_correction",
        ),
        (f"{one}reject/", admin_views.RejectRoundView.as_view(), "reject", "approve_correction"),
        (f"{one}again/", admin_views.StartAgainView.as_view(), "again", "propose_correction"),
    ):
        register_view(
            path,
            view,
            f"claims_correctionround_{name}",
            permission=f"claims.{permission}",
            whole_county=True,
        )
    register_queue("claims.approve_correction", _to_approve, order=62, whole_county=True)


def _to_approve(user: User) -> Queue:
    waiting = CorrectionRound.objects.filter(state=RoundState.READY).exclude(started_by=user)
    return Queue(
        key="rounds_to_approve",
        title=_("Rounds of corrections to approve"),
        count=waiting.count(),
        url=f"{reverse(_LIST)}?turn=decide",
        hint=_("All years calculated, waiting for another person's decision."),
        tone=Tone.BLUE,
    )
