"""The parameters' pages, and what waits for the second person."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone
from enrollment.parameters.admin_views import ApproveParameterView
from enrollment.parameters.models import LegalParameter

_APPROVE = "enrollment.approve_legalparameter"


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "settings",
        _("Legal parameters"),
        "admin:enrollment_legalparameter_changelist",
        permission="enrollment.view_legalparameter",
        order=16,
        hint=_("Terms and thresholds with their first day and their source."),
    )
    register_view(
        "enrollment/legalparameter/<int:pk>/approve/",
        ApproveParameterView.as_view(),
        "enrollment_legalparameter_approve",
        permission=_APPROVE,
    )
    register_queue(_APPROVE, _proposed, order=70)


def _proposed(user: User) -> Queue | None:
    """Values that others have entered; no card while there are none."""
    count = LegalParameter.objects.proposed().exclude(entered_by=user).count()
    if not count:
        return None
    return Queue(
        key="enrollment_parameters",
        title=_("Legal parameters to approve"),
        count=count,
        url=reverse("admin:enrollment_legalparameter_changelist") + "?state=proposed",
        hint=_("Entered by somebody else; they hold once you approve them."),
        tone=Tone.AMBER,
    )
