"""The figures as a list; a new value is a new row."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enrollment.desk.admin import PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag
from enrollment.parameters.models import LegalParameter


@admin.register(LegalParameter)
class LegalParameterAdmin(PortalModelAdmin):
    """One line per value, newest first within its parameter."""

    list_display = ("name", "figure", "starts_on", "source", "tag_confirmed")
    list_display_links = ("name",)
    list_filter = ("code", "confirmed")
    fields = ("code", "starts_on", "value", "source", "confirmed")
    ordering = ("code", "-starts_on")
    sortable_by = ()
    actions = None

    @admin.display(description=_("Parameter"))
    def name(self, obj: LegalParameter) -> str:
        """What the figure is."""
        return obj.get_code_display()

    @admin.display(description=_("Value"))
    def figure(self, obj: LegalParameter) -> str:
        """Without decimals that say nothing."""
        whole = obj.value == obj.value.to_integral_value()
        return format_html('<span class="num">{}</span>', f"{obj.value:,.{0 if whole else 2}f}")

    @admin.display(description=_("Confirmed"), ordering="confirmed")
    def tag_confirmed(self, obj: LegalParameter) -> str:
        """Whether somebody compared it with the document."""
        if obj.confirmed:
            return status_tag(_("confirmed"), Tone.GREEN)
        return status_tag(_("to be confirmed"), Tone.AMBER)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What has been in force keeps its value: a change is a new row."""
        return ("code", "starts_on", "value") if obj else ()
