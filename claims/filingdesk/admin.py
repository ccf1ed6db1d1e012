"""Filings and their rules as lists and as pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.filingdesk.standing import standing_of
from claims.outofarea.models import AreaFiling, FilingRule, FilingState
from claims.outofarea.states import FILING_TRANSITIONS
from enrollment.access.requests import staff_of
from enrollment.desk.admin import ObjectAction, PortalModelAdmin, ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter, ValidityFilter
from enrollment.desk.steps import step_actions
from enrollment.desk.tags import Tone, status_tag
from enrollment.residents.selectors import rows_of_matching


class FilingValidityFilter(ValidityFilter):
    """In force today, soon to end, not yet in force, expired."""

    cut_short = "withdrawn_from"


@admin.register(AreaFiling)
class AreaFilingAdmin(ViewOnlyAdmin):
    """One line per filing with its days."""

    list_display = (
        "label",
        "tag_standing",
        "person",
        "kind",
        "place",
        "institution",
        "starts_on",
        "ends_on",
        "withdrawn_from",
    )
    list_display_links = ("label",)
    list_filter = (FilingValidityFilter, "state", "kind", ("starts_on", DayRangeFilter))
    list_select_related = ("person", "institution")
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = _("ID number, last four, name or initials")
    search_hint = _("Name, initials or ID")
    fields = ("place",)
    empty_list_hint = _("Care outside the area is filed on the resident's page.")
    change_form_template = "outofarea/filing.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By resident."""
        term = search_term.replace("\0", "").strip()
        return (rows_of_matching(queryset, term) if term else queryset), False

    @admin.display(description=_("Number"))
    def label(self, obj: AreaFiling) -> str:
        """Its number."""
        return obj.number

    @admin.display(description=_("State"))
    def tag_standing(self, obj: AreaFiling) -> str:
        """What it is worth today."""
        return status_tag(*standing_of(obj, timezone.localdate()))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AreaFiling | None:
        """With everything that the page names."""
        found: AreaFiling | None = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        return AreaFiling.objects.select_related(
            "person", "institution", "referred_by", "filed_by"
        ).get(pk=found.pk)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """Print, withdraw."""
        slip = ObjectAction(
            label=_("Print the slip"),
            url=reverse("admin:claims_areafiling_slip", args=[obj.pk]),
            tone=Tone.BLUE,
        )
        steps = step_actions(
            obj,
            FILING_TRANSITIONS,
            {"withdraw": Tone.RED},
            "admin:claims_areafiling",
            staff_of(request),
            keeps_passed=True,
        )
        return [slip, *steps]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With the log."""
        if obj is not None:
            word, tone = standing_of(obj, timezone.localdate())
            rows = obj.transitions.select_related("actor")
            context |= {
                "standing": word,
                "tone": tone.value,
                "steps": [{"row": row, "state": FilingState(row.to_state).label} for row in rows],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(FilingRule)
class FilingRuleAdmin(PortalModelAdmin):
    """One line per rule, the newest first; a change is a new row."""

    changed_by_the_county = True
    list_display = (
        "starts_on",
        "long_term_months",
        "referral_months",
        "emergency_months",
        "emergency_days",
        "tag_checks",
        "tag_confirmed",
    )
    list_display_links = ("starts_on",)
    ordering = ("-starts_on",)
    sortable_by = ()
    bounded_list = True  # one for each change of the rules
    actions = None
    fields = (
        "starts_on",
        "long_term_months",
        "referral_months",
        ("emergency_months", "emergency_days"),
        "checks_claims",
        "source",
        "confirmed",
    )

    @admin.display(description=_("Claims follow the filings"), ordering="checks_claims")
    def tag_checks(self, obj: FilingRule) -> str:
        """Whether the rule decides what claims get."""
        if obj.checks_claims:
            return status_tag(_("yes"), Tone.BLUE)
        return status_tag(_("no"), Tone.NEUTRAL)

    @admin.display(description=_("Confirmed"), ordering="confirmed")
    def tag_confirmed(self, obj: FilingRule) -> str:
        """Whether somebody compared the row with its document."""
        if obj.confirmed:
            return status_tag(_("confirmed"), Tone.GREEN)
        return status_tag(_("to be confirmed"), Tone.AMBER)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What has been in force keeps its periods."""
        return (
            "starts_on",
            "long_term_months",
            "referral_months",
            "emergency_months",
            "emergency_days",
            "checks_claims",
        ) if obj else ()  # fmt: skip
