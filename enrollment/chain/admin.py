"""The links as a list, so that a head can be noted on paper."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.chain.checks import link_name
from enrollment.chain.models import AuditLink, AuditStretch
from enrollment.chain.tables import logs
from enrollment.desk.admin import ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter


class AuditStretchInline(admin.TabularInline):  # type: ignore[type-arg]
    """What the link holds of each table."""

    model = AuditStretch
    extra = 0
    can_delete = False
    fields = readonly_fields = ("log", "table", "rows_shown", "keys", "digest_begins")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the link."""
        return request.user.has_perm("enrollment.view_auditlink")

    @admin.display(description=_("Records"))
    def log(self, obj: AuditStretch) -> str:
        """What the table holds, in words."""
        found: Any = {one.table: one.model for one in logs()}.get(obj.table)
        if found is None:
            return ""
        tracked = getattr(found, "pgh_tracked_model", None)
        if tracked is None:
            return capfirst(str(found._meta.verbose_name_plural))
        return gettext("History of %(records)s") % {"records": tracked._meta.verbose_name_plural}

    @admin.display(description=_("rows"))
    def rows_shown(self, obj: AuditStretch) -> str:
        """With thousands apart."""
        return f"{obj.rows:,}"

    @admin.display(description=_("Keys"))
    def keys(self, obj: AuditStretch) -> str:
        """From the first to the last."""
        return f"{obj.after + 1}–{obj.last}"

    @admin.display(description=_("digest"))
    def digest_begins(self, obj: AuditStretch) -> str:
        """Enough of it to compare by eye."""
        return format_html("<code>{}…</code>", obj.digest[:16])


@admin.register(AuditLink)
class AuditLinkAdmin(ViewOnlyAdmin):
    """Every night's link; the newest digest is the head."""

    list_display = ("number", "closed_at", "rows_shown", "digest_shown")
    list_filter = (("closed_at", DayRangeFilter),)
    sortable_by = ()
    ordering = ("-number",)
    search_fields = ("digest__exact",)
    search_help_text = _("Whole digest")
    fields = ("number", "closed_at", "rows_shown", "digest_shown", "previous")
    readonly_fields = ("rows_shown", "digest_shown")
    inlines = (AuditStretchInline,)
    empty_list_hint = _(
        "The schedule adds a link every night; manage.py extend_audit adds one now."
    )

    def get_record_title(self, obj: Any) -> str:
        """Its number and day."""
        return capfirst(link_name(obj))

    @admin.display(description=_("rows added"))
    def rows_shown(self, obj: AuditLink) -> str:
        """With thousands apart."""
        return f"{obj.rows:,}"

    @admin.display(description=_("digest"))
    def digest_shown(self, obj: AuditLink) -> str:
        """In groups of eight, to be compared by eye."""
        groups = [obj.digest[start : start + 8] for start in range(0, 64, 8)]
        return format_html("<code>{}</code>", " ".join(groups))
