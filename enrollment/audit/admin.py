"""The log of reading as a list, found by resident or by reader."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.audit.models import RecordReading
from enrollment.audit.pages import page_label
from enrollment.desk.admin import ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter
from enrollment.residents.selectors import rows_of_matching


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
    search_help_text = _("Resident: ID number, last four, name or initials; reader: login name")
    search_hint = _("Resident or reader")
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
        """By the reader's login name, which is whole, else by resident."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        reader = User.objects.filter(username=term).values_list("pk", flat=True).first()
        if reader is not None:
            return queryset.filter(actor=reader), False
        return rows_of_matching(queryset, term), False
