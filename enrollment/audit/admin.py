"""The log of reading as a list, found by resident or by reader."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enrollment.audit.models import RecordReading
from enrollment.audit.pages import page_label
from enrollment.desk.admin import ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter
from enrollment.residents.selectors import matching_persons


@admin.register(RecordReading)
class RecordReadingAdmin(ViewOnlyAdmin):
    """Who opened whose page, when, and which."""

    list_display = ("person", "page_name", "actor", "at")
    list_display_links = None
    list_filter = (("at", DayRangeFilter),)
    list_select_related = ("person", "actor")
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("person__name",)
    search_help_text = _("Resident: ID number, last four or name; reader: login name")
    fields = ("person", "page_name", "actor", "at")
    readonly_fields = ("page_name",)
    empty_list_hint = _("A line appears each time somebody opens a resident's page.")

    @admin.display(description=_("Page"))
    def page_name(self, obj: RecordReading) -> str:
        """Which page it was."""
        return str(page_label(obj.page))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By resident, or by the reader's login name."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        persons = matching_persons(term).order_by().values("pk")
        return queryset.filter(Q(person__in=persons) | Q(actor__username=term)), False
