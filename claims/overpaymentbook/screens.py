"""The pages, the queues and the paper of overpayments."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.overpaymentbook import admin_views, notice, story
from claims.overpayments.models import Clearance, ClearanceState, Overpayment
from claims.overpayments.selectors import with_standing
from claims.templatetags.money_words import layer_name
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import FIRST, Queue, Waiting, capped, register_queue
from enrollment.desk.tags import Tone
from enrollment.models import Person
from enrollment.printing.documents import register_kind
from enrollment.stories.sections import register_section
from enrollment.values.money import format_yuan

_LIST = "admin:claims_overpayment_changelist"
_CLEARANCES = "admin:claims_clearance_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "payments",
        _("Overpayments"),
        _LIST,
        permission="claims.view_overpayment",
        order=40,
        hint=_("What payees owe after corrections: instalments, receipts, set-offs."),
    )
    register_page(
        "payments",
        _("Set-offs and write-offs"),
        _CLEARANCES,
        permission="claims.view_clearance",
        order=50,
        hint=_("Overpayments cleared without money coming in, approved by a second person."),
    )
    register_kind(
        notice.KIND,
        _("Notice of overpayment"),
        permission="claims.view_overpayment",
        labels=("Payee", "To be paid back", "Still to be paid back"),
    )
    _register_views()
    register_queue("claims.record_repayment", _overpayments, order=65)
    register_queue("claims.approve_clearance", _to_approve, order=66)
    register_section(
        Person,
        "overpayments",
        _("Overpayments"),
        load=story.overpayments_of,
        template="claims/story/overpayments.html",
        permission="claims.view_overpayment",
        order=65,
        statements=1,
    )


def _register_views() -> None:
    one, clearance = "payments/overpayments/<int:pk>/", "payments/clearances/<int:pk>/"
    for path, view, name, permission in (
        (f"{one}repaid/", admin_views.RepaidView, "overpayment_repaid", "record_repayment"),
        (f"{one}plan/", admin_views.PlanView, "overpayment_plan", "agree_repayment"),
        (f"{one}set-off/", admin_views.SetOffView, "overpayment_set_off", "propose_clearance"),
        (
            f"{one}write-off/",
            admin_views.WriteOffView,
            "overpayment_write_off",
            "propose_clearance",
        ),
        (
            f"{clearance}approve/",
            admin_views.ApproveClearanceView,
            "clearance_approve",
            "approve_clearance",
        ),
        (
            f"{clearance}reject/",
            admin_views.RejectClearanceView,
            "clearance_reject",
            "approve_clearance",
        ),
        (
            f"{clearance}withdraw/",
            admin_views.WithdrawClearanceView,
            "clearance_withdraw",
            "propose_clearance",
        ),
    ):
        register_view(path, view.as_view(), f"claims_{name}", permission=f"claims.{permission}")
    seen_by = "claims.view_overpayment"
    register_view(f"{one}notice/", notice.notice, "claims_overpayment_notice", permission=seen_by)
    register_view(
        f"{one}notice.pdf", notice.notice_pdf, "claims_overpayment_notice_pdf", permission=seen_by
    )


def _overpayments(user: User) -> Queue:
    today = timezone.localdate()
    mine = visible_to(Overpayment.objects.select_related("person", "institution"), user)
    waiting = with_standing(mine, today).filter(still_open__gt=0)
    first = list(waiting.order_by("-is_overdue", "opened_on", "pk")[:FIRST])
    return Queue(
        key="overpayments_open",
        title=_("Overpayments to recover"),
        count=capped(waiting) if first else 0,
        url=f"{reverse(_LIST)}?standing=open",
        hint=_("Agree on instalments, record what comes back, set off; the overdue first."),
        tone=Tone.AMBER,
        first=[
            Waiting(
                str(one),
                reverse("admin:claims_overpayment_change", args=[one.pk]),
                f"{one.person or one.institution} {layer_name(one.layer)}",
                _("overdue") if one.is_overdue else format_yuan(one.still_open),
                Tone.RED if one.is_overdue else Tone.NEUTRAL,
            )
            for one in first
        ],
        overdue=capped(waiting.filter(is_overdue=True)) if first else 0,
    )


def _to_approve(user: User) -> Queue:
    waiting = visible_to(Clearance.objects.filter(state=ClearanceState.PROPOSED), user)
    return Queue(
        key="clearances_to_approve",
        title=_("Set-offs and write-offs to approve"),
        count=capped(waiting.exclude(proposed_by=user)),
        url=f"{reverse(_CLEARANCES)}?turn=decide",
        hint=_("Proposed by others, waiting for your decision."),
        tone=Tone.AMBER,
    )
