"""The administrative divisions, loaded from the national list and view-only."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from enrollment.desk.admin import ViewOnlyAdmin
from enrollment.divisions.models import Division


@admin.register(Division)
class DivisionAdmin(ViewOnlyAdmin):
    """Codes are prefixes of what lies inside: the order by code is the tree."""

    bounded_list = True
    list_display = ("code", "name", "level", "parent")
    list_display_links = ("code", "name")
    list_filter = ("level",)
    list_select_related = ("parent",)
    sortable_by = ("code", "name")
    ordering = ("code",)
    search_fields = ("^code", "name")
    search_help_text = _("Beginning of the code, or name")
    search_hint = _("Code or name")
    fields = ("code", "name", "level", "parent")
    empty_list_hint = _("Divisions are loaded with manage.py load_divisions.")

    def get_record_title(self, obj: Any) -> str:
        """Name and code."""
        return f"{obj.name} {obj.code}"
