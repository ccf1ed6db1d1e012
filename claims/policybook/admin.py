"""Policy proposals as a list and as pages; every step is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.policies.language import reader_language
from claims.policies.models import PolicyProposal, ProposalState
from claims.policies.selectors import approved_proposals, scheme_name
from claims.policies.states import PROPOSAL_TRANSITIONS
from claims.policybook.document import SchemeBook
from claims.policybook.tones import PROPOSAL_TONES
from claims.whatif.models import WhatIfRun
from enrollment.access.requests import staff_of
from enrollment.access.scope import is_limited, visible_to
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, tag_column
from enrollment.desk.filters import TurnFilter
from enrollment.desk.steps import DECISION_TONES, step_actions
from enrollment.models import User

# What-if runs of a proposal that its page lists, the latest first.
RUNS_SHOWN = 10


class ProposalTurnFilter(TurnFilter):
    """Policies that others proposed."""

    def waiting(self, queryset: QuerySet[PolicyProposal], user: User) -> QuerySet[PolicyProposal]:
        """As on the desk."""
        return queryset.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)


@admin.register(PolicyProposal)
class PolicyProposalAdmin(ViewOnlyAdmin):
    """One line per proposal; its page shows what it would change."""

    list_display = (
        "title",
        "scheme_shown",
        tag_column("state", _("State"), PROPOSAL_TONES),
        "version",
        "proposed_by",
        "proposed_at",
    )
    list_display_links = ("title",)
    list_filter = (ProposalTurnFilter, "state", "scheme")
    list_select_related = ("proposed_by",)
    sortable_by = ()
    bounded_list = True  # a few a year
    search_fields = ("title", "=scheme")
    search_help_text = _("Subject or scheme code")
    fields = ("title",)
    empty_list_hint = _("A proposal comes in from a YAML file: the values, their days and sources.")
    change_form_template = "policybook/proposal.html"

    @admin.display(description=_("Benefit scheme"))
    def scheme_shown(self, obj: PolicyProposal) -> str:
        """Its name."""
        return scheme_name(obj.scheme, reader_language())

    def object_actions(self, request: HttpRequest, obj: PolicyProposal) -> Sequence[ObjectAction]:
        """Approve, reject, withdraw; disabled with the reason."""
        return [
            *self._what_if(request, obj),
            *step_actions(
                obj, PROPOSAL_TRANSITIONS, DECISION_TONES, "admin:claims_policy", staff_of(request)
            ),
        ]

    def _what_if(self, request: HttpRequest, obj: PolicyProposal) -> list[ObjectAction]:
        """Running the draft on a year's claims, while it may still be or is in force."""
        runs = obj.state in {ProposalState.PROPOSED, ProposalState.APPROVED}
        allowed = request.user.has_perm("claims.run_whatif") and not is_limited(request.user)
        if not runs or not allowed:
            return []
        url = reverse("admin:claims_whatif_ask", args=[obj.pk])
        return [ObjectAction(label=_("What if"), url=url)]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With what each row would change, and the log."""
        if obj is not None:
            before = [
                one
                for one in approved_proposals(obj.scheme)
                if obj.version is None or (one.version or 0) < obj.version
            ]
            book = SchemeBook(before or [obj])
            context["effects"] = book.effects(obj)
            context["is_first"] = not before
            context["steps"] = obj.transitions.select_related("actor")
            context["tone"] = PROPOSAL_TONES[obj.state].value
            context["scheme_name"] = SchemeBook([obj]).name
            if request.user.has_perm("claims.view_whatifrun"):
                runs = WhatIfRun.objects.filter(proposal=obj).select_related("asked_by")
                context["what_ifs"] = visible_to(runs.defer("result"), request.user)[:RUNS_SHOWN]
        return super().render_change_form(request, context, add, change, form_url, obj)
