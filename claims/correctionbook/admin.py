"""Corrections as a list and as pages; every step is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.correctionbook.comparison import pairs_of, still_unpaid
from claims.correctionbook.tones import CORRECTION_TONES
from claims.corrections.models import Correction, CorrectionState
from claims.corrections.states import CORRECTION_TRANSITIONS
from claims.overpayments.selectors import with_standing
from enrollment.access.requests import staff_of
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, TurnFilter
from enrollment.desk.steps import DECISION_TONES, step_actions
from enrollment.models import User
from enrollment.values.written import numbered_key


class CorrectionTurnFilter(TurnFilter):
    """Corrections that others proposed."""

    def waiting(self, queryset: QuerySet[Correction], user: User) -> QuerySet[Correction]:
        """As on the desk."""
        return queryset.filter(state=CorrectionState.PROPOSED).exclude(proposed_by=user)


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
    list_filter = (CorrectionTurnFilter, "state", "cause", ("proposed_at", DayRangeFilter))
    list_select_related = ("person", "proposed_by")
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = _("Number or name of the resident")
    search_hint = _("Number or name")
    fields = ("year",)
    empty_list_hint = _("A correction is proposed on a resident's settled claim.")
    change_form_template = "corrections/correction.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its number, else by name."""
        key = numbered_key("G", search_term)
        if key is not None:
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("Correction"))
    def label(self, obj: Correction) -> str:
        """Its number."""
        return str(obj)

    def object_actions(self, request: HttpRequest, obj: Correction) -> Sequence[ObjectAction]:
        """Approve, reject, withdraw; disabled with the reason."""
        return step_actions(
            obj,
            CORRECTION_TRANSITIONS,
            DECISION_TONES,
            "admin:claims_correction",
            staff_of(request),
        )

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
            context["overpayments"] = with_standing(
                obj.overpayments.select_related("person", "institution"), timezone.localdate()
            ).order_by("pk")
            context["unpaid"] = still_unpaid(obj)
            context["steps"] = obj.transitions.select_related("actor").order_by("pk")
            context["tone"] = CORRECTION_TONES[obj.state].value
        return super().render_change_form(request, context, add, change, form_url, obj)
