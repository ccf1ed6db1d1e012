"""What was exported: one's own files, and for who audits everybody's."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enrollment.access.scope import is_limited
from enrollment.desk.admin import NOTHING, ViewOnlyAdmin, tag_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Tone
from enrollment.exports.models import Export
from enrollment.exports.running import screen_of

TONES: dict[str, Tone] = {
    Export.State.RUNNING: Tone.BLUE,
    Export.State.READY: Tone.GREEN,
    Export.State.SENT: Tone.GREEN,
    Export.State.FAILED: Tone.RED,
    Export.State.EXPIRED: Tone.NEUTRAL,
}


@admin.register(Export)
class ExportAdmin(ViewOnlyAdmin):
    """One line per file; a long list is fetched here when it is written."""

    list_display = (
        "created_at",
        "actor",
        "list_name",
        "filters",
        "format",
        "rows_written",
        tag_column("state", _("State"), TONES),
        "file",
    )
    list_display_links = None
    list_filter = ("state", ("created_at", DayRangeFilter))
    list_select_related = ("actor",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("created_at", "actor", "list_name", "filters", "format", "rows", "state", "failure")
    readonly_fields = ("list_name",)
    empty_list_hint = _("A line appears each time a list is exported.")
    change_list_template = "exports/exports.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own; everybody's for who may see the log."""
        everybody = request.user.has_perm("enrollment.view_all_exports") and not is_limited(
            request.user
        )
        mine = obj is None or obj.actor_id == request.user.pk
        return super().has_view_permission(request, obj) and (everybody or mine)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        """One's own, or everybody's for who may see the log."""
        own = ExpressionWrapper(Q(actor_id=request.user.pk), output_field=BooleanField())
        exports: QuerySet[Export] = super().get_queryset(request).annotate(is_mine=own)
        whole_county = not is_limited(request.user)
        if whole_county and request.user.has_perm("enrollment.view_all_exports"):
            return exports
        return exports.filter(actor_id=request.user.pk)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """It looks again by itself while a file is being written."""
        running = self.get_queryset(request).filter(state=Export.State.RUNNING).exists()
        return super().changelist_view(request, {"running": running, **(extra_context or {})})

    @admin.display(description=_("List"))
    def list_name(self, obj: Export) -> str:
        """The list in words."""
        try:
            screen = screen_of(obj.list)
        except PermissionDenied:
            return obj.list
        return capfirst(str(screen.list_label or screen.opts.verbose_name_plural))

    @admin.display(description=_("Rows"))
    def rows_written(self, obj: Export) -> str:
        """How many so far."""
        return format_html('<span class="num">{}</span>', f"{obj.rows:,}")

    @admin.display(description=_("File"))
    def file(self, obj: Export) -> str:
        """Where to fetch it, or why there is none."""
        if obj.state == Export.State.READY and obj.is_mine:  # type: ignore[attr-defined]  # annotated
            url = reverse("admin:enrollment_export_download", args=[obj.pk])
            return format_html('<a href="{}">{}</a>', url, _("Download"))
        return obj.failure or NOTHING
