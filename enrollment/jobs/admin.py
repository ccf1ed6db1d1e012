"""Roll imports: the list with counts, and one job's page with progress and result."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.models import User
from enrollment.desk.admin import NOTHING, ObjectAction, ViewOnlyAdmin, tag_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Tone
from enrollment.jobs.models import ImportJob
from enrollment.jobs.selectors import has_checked_file, has_rejects_file, job_progress
from enrollment.jobs.services import mark_seen

JOB_TONES: dict[str, Tone] = {
    ImportJob.State.WAITING: Tone.BLUE,
    ImportJob.State.RUNNING: Tone.BLUE,
    ImportJob.State.DONE: Tone.GREEN,
    ImportJob.State.REFUSED: Tone.RED,
}


@admin.register(ImportJob)
class ImportJobAdmin(ViewOnlyAdmin):
    """One line per roll handed in, newest first."""

    list_display = (
        "number",
        "file_name",
        "year",
        "mode",
        tag_column("state", gettext_lazy("State"), JOB_TONES),
        "read_count",
        "created_count",
        "rejected_count",
        "created_by",
        "created_at",
    )
    list_display_links = ("number", "file_name")
    list_filter = ("state", "year", ("created_at", DayRangeFilter))
    list_select_related = ("created_by",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("year",)
    empty_list_hint = gettext_lazy("A line appears for every roll that is handed in here.")
    change_list_template = "jobs/jobs.html"
    change_form_template = "jobs/job.html"

    @admin.display(description=gettext_lazy("Job"))
    def number(self, obj: ImportJob) -> str:
        """Its number."""
        return f"{obj.pk}"

    @admin.display(description=gettext_lazy("Rows"))
    def read_count(self, obj: ImportJob) -> str:
        """Rows read."""
        return _count(obj.read)

    @admin.display(description=gettext_lazy("Newly enrolled"))
    def created_count(self, obj: ImportJob) -> str:
        """New enrolments."""
        return _count(obj.created)

    @admin.display(description=gettext_lazy("Rejected"))
    def rejected_count(self, obj: ImportJob) -> str:
        """Rejected rows."""
        return _count(obj.rejected) if obj.rejected else NOTHING

    def get_record_title(self, obj: ImportJob) -> str:
        """Number and file."""
        return _("Roll import %(job)s: %(file)s") % {"job": obj.pk, "file": obj.file_name}

    def object_actions(self, request: HttpRequest, obj: ImportJob) -> Sequence[ObjectAction]:
        """Import a checked file, fetch the rejected rows."""
        if not request.user.has_perm("enrollment.import_roll"):
            return []
        actions = []
        if has_checked_file(obj):
            actions.append(
                ObjectAction(
                    label=_("Import this file"),
                    url=reverse("admin:enrollment_importjob_import", args=[obj.pk]),
                    tone=Tone.BLUE,
                )
            )
        if obj.rejected and not obj.is_open:
            actions.append(
                ObjectAction(
                    label=_("Rejected rows (XLSX)"),
                    url=reverse("admin:enrollment_importjob_rejects", args=[obj.pk]),
                    enabled=has_rejects_file(obj),
                    reason=_("The workbook is no longer kept: check the file again."),
                )
            )
        return actions

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Progress and result; whoever handed the file in has seen it now."""
        now = timezone.now()
        if obj is not None:
            context["progress"] = job_progress(obj, now)
            context["job_tone"] = JOB_TONES[obj.state]
            if isinstance(request.user, User):
                mark_seen(obj, actor=request.user, at=now)
        return super().render_change_form(request, context, add, change, form_url, obj)


def _count(number: int) -> str:
    return format_html('<span class="num">{}</span>', f"{number:,}")
