"""Findings, and what is made of them: a penalty case, or a recovery under the agreement."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.access.requests import staff_of
from enrollment.desk.actions import Fact
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.steps import offer
from enrollment.desk.tags import Label, Tone, status_tag
from supervision.articles.wording import code_and_title
from supervision.dossier.finding_facts import facts_of, taken_into, why_no_case
from supervision.inspections.models import Finding
from supervision.penalties.services import why_not_recover

if TYPE_CHECKING:
    _ListFilter = admin.SimpleListFilter
else:
    _ListFilter = admin.SimpleListFilter


class DealtWithFilter(_ListFilter):
    """How a finding was dealt with."""

    title = _("dealt with")
    parameter_name = "track"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Label]]:
        """The two tracks, and neither."""
        return [
            ("open", _("not yet")),
            ("case", _("penalty case")),
            ("agreement", pgettext_lazy("finding", "agreement")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The findings of the chosen track."""
        conditions: dict[str, dict[str, Any]] = {
            "open": {"case": None, "recovery": None},
            "case": {"case__isnull": False},
            "agreement": {"recovery__isnull": False},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


@admin.register(Finding)
class FindingAdmin(ViewOnlyAdmin):
    """Findings by how they were dealt with; each leads to one of the two tracks."""

    bounded_list = True
    list_display = (
        "institution",
        "item",
        "description",
        "period",
        money_column("loss", _("Loss of the fund")),
        "visited_on",
        "track",
    )
    list_display_links = ("description",)
    list_filter = (DealtWithFilter, ("visit__visited_on", DayRangeFilter))
    search_fields = ("visit__institution__name", "visit__institution__code", "description")
    search_help_text = _("Institution or what was found")
    search_hint = _("Institution or finding")
    list_select_related = ("visit__institution", "case", "recovery")
    empty_list_hint = _("Findings are written down with the visit that made them.")
    change_form_template = "supervision/record.html"

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The finding at a glance."""
        if obj is not None:
            visit_url = reverse("admin:supervision_visit_change", args=[obj.visit_id])
            context["record_facts"] = [
                *facts_of(obj),
                Fact(_("People concerned"), obj.people_count),
                Fact(_("Claims concerned"), obj.claims_note),
                Fact(_("Visit"), format_html('<a href="{}">{}</a>', visit_url, obj.visit)),
                Fact(_("Entered by"), str(obj.entered_by)),
                Fact(_("Dealt with"), taken_into(obj, staff_of(request)) or self.track(obj)),
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_actions(self, request: HttpRequest, obj: Finding) -> Sequence[ObjectAction]:
        """The two tracks, each with the reason when it is closed; none once it is dealt with."""
        if not obj.is_open:
            return ()
        actor = staff_of(request)
        actions = []
        if actor.has_perm("supervision.open_case"):
            no_case = why_no_case(obj, actor)
            actions.append(
                ObjectAction(
                    label=_("Open a penalty case"),
                    url=reverse("admin:supervision_finding_open_case", args=[obj.pk]),
                    enabled=not no_case,
                    reason=no_case,
                    tone=Tone.BLUE,
                )
            )
        recover = offer(
            _("Recover under the agreement"),
            reverse("admin:supervision_finding_recover", args=[obj.pk]),
            why_not_recover([obj], actor),
        )
        return [*actions, *recover]

    @admin.display(description=_("Institution"), ordering="visit__institution__name")
    def institution(self, obj: Finding) -> str:
        """Where it was found."""
        return str(obj.visit.institution)

    @admin.display(description=_("Item of law"), ordering="article_code")
    def item(self, obj: Finding) -> str:
        """Code and title."""
        return code_and_title(obj.article_code)

    @admin.display(description=_("Period of the act"), ordering="act_from")
    def period(self, obj: Finding) -> str:
        """First and last day."""
        return format_html(
            '<span class="day nowrap">{} – {}</span>',
            obj.act_from.isoformat(),
            obj.act_to.isoformat(),
        )

    @admin.display(description=_("Day of the visit"), ordering="visit__visited_on")
    def visited_on(self, obj: Finding) -> Any:
        """When it was found."""
        return obj.visit.visited_on

    @admin.display(description=_("Dealt with"))
    def track(self, obj: Finding) -> str:
        """By a case, under the agreement, or not yet."""
        if obj.case is not None:
            url = reverse("admin:supervision_case_change", args=[obj.case_id])
            return format_html('<a class="nowrap" href="{}">{}</a>', url, obj.case)
        if obj.recovery is not None:
            url = reverse("admin:supervision_recovery_change", args=[obj.recovery_id])
            return format_html('<a class="nowrap" href="{}">{}</a>', url, obj.recovery)
        return status_tag(_("not yet"), Tone.AMBER)
