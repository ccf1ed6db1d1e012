"""Failed jobs as a list."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Tone, status_tag
from enrollment.failures.models import FailedJob
from enrollment.failures.names import job_name


class NotedFilter(admin.SimpleListFilter):
    """Whether somebody has taken note."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Both."""
        return [("open", _("to be looked at")), ("noted", _("noted"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """By who noted it."""
        if self.value() not in ("open", "noted"):
            return queryset
        return queryset.filter(noted_by__isnull=self.value() == "open")


@admin.register(FailedJob)
class FailedJobAdmin(ViewOnlyAdmin):
    """What failed, when, and what was done about it."""

    list_display = ("job", "failed_at", "kind", "detail", "tag_state", "noted_by")
    list_display_links = ("job",)
    list_filter = (NotedFilter, ("failed_at", DayRangeFilter))
    list_select_related = ("noted_by",)
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        "job",
        "failed_at",
        "kind",
        "detail",
        "task_id",
        "noted_by",
        "noted_at",
        "remedy",
    )
    readonly_fields = ("job",)
    empty_list_hint = _("No job has failed. One that does is listed here until you take note.")

    def get_record_title(self, obj: Any) -> str:
        """The job's name."""
        return str(job_name(obj.task))

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """Take note of it."""
        if not request.user.has_perm("enrollment.note_failedjob"):
            return ()
        return [
            ObjectAction(
                label=_("Take note"),
                url=reverse("admin:enrollment_failedjob_note", args=[obj.pk]),
                enabled=obj.noted_at is None,
                reason=_("Somebody has taken note of it already."),
                tone=Tone.BLUE,
            )
        ]

    @admin.display(description=_("Job"))
    def job(self, obj: FailedJob) -> str:
        """In words."""
        return str(job_name(obj.task))

    @admin.display(description=_("State"))
    def tag_state(self, obj: FailedJob) -> str:
        """Whether somebody has taken note."""
        if obj.noted_by_id is None:
            return status_tag(_("to be looked at"), Tone.RED)
        return status_tag(_("noted"), Tone.GREEN)
