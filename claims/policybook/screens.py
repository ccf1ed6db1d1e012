"""The pages and the queue of policies."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.policies.models import PolicyProposal, ProposalState
from claims.policybook import admin_views
from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Tone

_LIST = "admin:claims_policyproposal_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "settings",
        _("Benefit policies"),
        "admin:claims_policybook",
        permission="claims.view_policyproposal",
        order=5,
        hint=_("What each layer pays from which day on, and the article it stands in."),
    )
    register_page(
        "settings",
        _("Policy proposals"),
        _LIST,
        permission="claims.view_policyproposal",
        order=6,
        hint=_("Changes of policies, proposed by one person and approved by another."),
    )
    for path, view, name, permission in (
        ("policies/", admin_views.book, "policybook", "view_policyproposal"),
        ("policies/propose/", admin_views.propose, "policy_propose", "propose_policy"),
        ("policies/<slug:code>/", admin_views.book, "policybook_scheme", "view_policyproposal"),
        (
            "policies/<slug:code>/policy.yaml",
            admin_views.yaml_file,
            "policybook_yaml",
            "view_policyproposal",
        ),
        (
            "policies/proposals/<int:pk>/approve/",
            admin_views.ApproveView.as_view(),
            "policy_approve",
            "approve_policy",
        ),
        (
            "policies/proposals/<int:pk>/reject/",
            admin_views.RejectView.as_view(),
            "policy_reject",
            "approve_policy",
        ),
        (
            "policies/proposals/<int:pk>/withdraw/",
            admin_views.WithdrawView.as_view(),
            "policy_withdraw",
            "propose_policy",
        ),
        (
            "policies/rows/<int:pk>/confirm/",
            admin_views.ConfirmRowView.as_view(),
            "policy_confirm",
            "approve_policy",
        ),
    ):
        register_view(path, view, f"claims_{name}", permission=f"claims.{permission}")
    register_queue("claims.approve_policy", _to_approve, order=60)


def _to_approve(user: User) -> Queue:
    waiting = PolicyProposal.objects.filter(state=ProposalState.PROPOSED)
    return Queue(
        key="policies_to_approve",
        title=_("Policies to approve"),
        count=waiting.exclude(proposed_by=user).count(),
        url=f"{reverse(_LIST)}?turn=decide",
        hint=_("Proposed by others, waiting for your decision."),
        tone=Tone.BLUE,
    )
