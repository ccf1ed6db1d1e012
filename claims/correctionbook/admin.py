"""Corrections as a list and as pages; every step is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.correctionbook.comparison import pairs_of
from claims.correctionbook.tones import CORRECTION_TONES
from claims.corrections.models import Correction, CorrectionState
from claims.corrections.states import CORRECTION_TRANSITIONS
from enrollment.access.models import User
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.tags import Tone
from enrollment.transitions.table import why_not

ACTION_TONES = {"approve": Tone.GREEN, "reject": Tone.RED, "withdraw": Tone.NEUTRAL}


@admin.register(Correction)
class CorrectionAdmin(ViewOnlyAdmin):
    """One line per correction; its page shows before and after side by side."""

    bounded_list = True
    list_display = (
        "label",
        "person",
        "year",
        "cause",
        tag_column("state", _("State"), CORRECTION_TONES),
        money_column("pays", _("To be paid")),
        money_column("recovers", _("To be paid back")),
        "proposed_by",
        "proposed_at",
    )
    list_display_links = ("label",)
    list_filter = ("state", "cause")
    list_select_related = ("person", "proposed_by")
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = _("Name of the resident")
    fields = ("year",)
    empty_list_hint = _("A correction is proposed on a resident's settled claim.")
    change_form_template = "corrections/correction.html"

    @admin.display(description=_("Correction"))
    def label(self, obj: Correction) -> str:
        """Its number."""
        return str(obj)

    def object_actions(self, request: HttpRequest, obj: Correction) -> Sequence[ObjectAction]:
        """Approve, reject, withdraw; disabled with the reason."""
        if obj.state != CorrectionState.PROPOSED:
            return ()
        past = list(obj.transitions.all())
        actor = request.user if isinstance(request.user, User) else None
        offered = []
        for action, tone in ACTION_TONES.items():
            step = CORRECTION_TRANSITIONS[action]
            if not request.user.has_perm(step.permission):
                continue
            refused = why_not(step, obj.state, obj.get_state_display(), actor, past)
            offered.append(
                ObjectAction(
                    label=str(step.label),
                    url=reverse(f"admin:claims_correction_{action}", args=[obj.pk]),
                    enabled=refused is None,
                    reason=str(refused or ""),
                    tone=tone,
                )
            )
        return offered

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add the comparison, what was ordered and asked back, and the log."""
        if obj is not None:
            context["pairs"] = pairs_of(obj)
            context["orders"] = obj.orders.select_related("person", "institution").order_by("pk")
            context["overpayments"] = obj.overpayments.select_related(
                "person", "institution"
            ).order_by("pk")
            context["steps"] = obj.transitions.select_related("actor").order_by("pk")
            context["tone"] = CORRECTION_TONES[obj.state].value
        return super().render_change_form(request, context, add, change, form_url, obj)
