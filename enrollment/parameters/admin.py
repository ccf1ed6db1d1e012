"""The figures as a list; a new value is a new row."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enrollment.access.requests import staff_of
from enrollment.desk.admin import ObjectAction, PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag
from enrollment.parameters.models import LegalParameter
from enrollment.parameters.services import why_not_approve

_PEOPLE = ("entered_by", "approved_by", "approved_at")


class StateFilter(admin.SimpleListFilter):
    """Whether the value holds or waits for the second person."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Both."""
        return [("proposed", _("to be approved")), ("approved", _("in force or ahead"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """By who entered and who approved."""
        if self.value() == "proposed":
            return queryset.proposed()
        return queryset.in_force() if self.value() == "approved" else queryset


@admin.register(LegalParameter)
class LegalParameterAdmin(PortalModelAdmin):
    """One line per value, newest first within its parameter."""

    list_display = ("name", "figure", "starts_on", "source", "tag_state", "tag_confirmed")
    list_display_links = ("name",)
    list_filter = ("code", StateFilter, "confirmed")
    fields = ("code", "starts_on", "value", "source", "confirmed", *_PEOPLE)
    ordering = ("code", "-starts_on")
    sortable_by = ()
    actions = None

    def get_record_title(self, obj: Any) -> str:
        """What the figure is, and its value."""
        return capfirst(str(obj))

    @admin.display(description=_("Parameter"))
    def name(self, obj: LegalParameter) -> str:
        """What the figure is."""
        return capfirst(str(obj.get_code_display()))

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

    @admin.display(description=_("State"))
    def tag_state(self, obj: LegalParameter) -> str:
        """Whether a second person must still approve it."""
        if obj.is_proposed:
            return status_tag(_("to be approved"), Tone.AMBER)
        if obj.entered_by_id is None:
            return status_tag(_("supplied with the portal"))
        return status_tag(_("approved"), Tone.GREEN)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody entered or approved what the portal came with."""
        if obj is None or obj.is_proposed:
            return self.fields
        people = _PEOPLE if obj.entered_by_id is not None else ()
        return ("code", "starts_on", "figure", "source", "confirmed", "tag_state", *people)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What has been in force keeps its value: a change is a new row."""
        if obj is None or obj.is_proposed:
            return _PEOPLE
        return ("code", "starts_on", "figure", "tag_state", *_PEOPLE)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever typed the value last is the one person; another approves it."""
        if not change or obj.is_proposed:
            obj.entered_by = staff_of(request)
        super().save_model(request, obj, form, change)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """The second person's approval."""
        if not obj.is_proposed or not request.user.has_perm("enrollment.approve_legalparameter"):
            return ()
        refused = why_not_approve(obj, staff_of(request))
        return [
            ObjectAction(
                label=_("Approve the value"),
                url=reverse("admin:enrollment_legalparameter_approve", args=[obj.pk]),
                enabled=not refused,
                reason=refused,
                tone=Tone.BLUE,
            )
        ]
