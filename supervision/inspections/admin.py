"""Visits in the admin site."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enrollment.desk.actions import Fact
from enrollment.desk.admin import (
    NOTHING,
    ObjectAction,
    money_column,
    tag_column,
)
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Label, Tone, record_link, words_listed
from supervision.inspections.models import Visit, VisitState
from supervision.sums.addresses import behind_visit
from supervision.sums.columns import SummedAdmin

VISIT_TONES: dict[str, Tone] = {VisitState.PLANNED: Tone.NEUTRAL, VisitState.DONE: Tone.GREEN}

# What the log calls a step.
STEP_LABELS: dict[str, Label] = {
    "plan": _("Planned"),
    "log": _("Recorded"),
    "complete": _("Recorded as done"),
}


@admin.register(Visit)
class VisitAdmin(SummedAdmin):
    """Visits; they are written on a page of their own (`supervision.inspections.admin_views`)."""

    bounded_list = True
    list_display = (
        "visited_on",
        "institution",
        "source",
        "inspectors",
        "charts_sampled",
        "finding_count",
        money_column("loss_total", _("Loss of the fund")),
        tag_column("state", _("State"), VISIT_TONES),
    )
    list_filter = ("state", "source", ("visited_on", DayRangeFilter))
    search_fields = ("institution__name", "institution__code")
    search_help_text = _("Institution: name or code")
    ordering = ("-visited_on", "-id")
    list_select_related = ("institution", "inspector", "second_inspector")
    behind = {"loss_total": behind_visit}
    empty_list_hint = _("Inspectors record their visits to institutions here.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        """With the number of findings and their loss."""
        visits: QuerySet[Visit] = super().get_queryset(request)
        return visits.annotate(findings_total=Count("findings"), loss_total=Sum("findings__loss"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the permission of the act, on its own page."""
        return request.user.has_perm("supervision.log_visit")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page on which a visit is written."""
        return redirect("admin:supervision_visit_record")

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With the findings below."""
        if obj is not None:
            context["record_facts"] = [
                Fact(_("State"), obj.get_state_display(), VISIT_TONES[obj.state]),
                Fact(_("Institution"), record_link(obj.institution, request.user)),
                Fact(_("Day of the visit"), obj.visited_on),
                Fact(_("Source"), obj.get_source_display()),
                Fact(_("Inspectors"), self.inspectors(obj)),
                Fact(_("Place"), obj.place),
                Fact(
                    _("Records sampled"),
                    NOTHING if obj.state == VisitState.PLANNED else str(obj.charts_sampled),
                ),
                Fact(_("Notes"), format_html('<span class="wide">{}</span>', obj.notes or NOTHING)),
            ]
            context["findings"] = list(
                obj.findings.select_related("case", "recovery").order_by("pk")
            )
            context["log"] = [
                {"row": row, "label": STEP_LABELS.get(row.action, row.action)}
                for row in obj.transitions.select_related("actor")
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_actions(self, request: HttpRequest, obj: Visit) -> Sequence[ObjectAction]:
        """Write down what was found."""
        if not request.user.has_perm("supervision.log_visit"):
            return ()
        planned = obj.state == VisitState.PLANNED
        return [
            ObjectAction(
                label=_("Record the visit as done") if planned else _("Add or correct findings"),
                url=reverse("admin:supervision_visit_record_findings", args=[obj.pk]),
                tone=Tone.BLUE,
            )
        ]

    @admin.display(description=_("Inspectors"))
    def inspectors(self, obj: Visit) -> str:
        """Both names."""
        return words_listed(obj.inspector, obj.second_inspector)

    @admin.display(description=_("Findings"), ordering="findings_total")
    def finding_count(self, obj: Visit) -> int:
        """How many were written down."""
        count: int = obj.findings_total  # type: ignore[attr-defined]  # annotated above
        return count
