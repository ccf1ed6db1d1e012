"""The schedule's screens, cut down to what a bureau sets: which job, at what time, on or off."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin as StockPeriodicTaskAdmin
from django_celery_beat.models import (
    ClockedSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from enrollment.desk.admin import PortalModelAdmin

for _model in (ClockedSchedule, IntervalSchedule, SolarSchedule, PeriodicTask):
    admin.site.unregister(_model)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(StockPeriodicTaskAdmin, PortalModelAdmin):  # type: ignore[misc]  # untyped
    """The jobs that run by themselves."""

    list_label = _("Schedule")
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "crontab", "last_run_at")}),
    )
    readonly_fields = ("last_run_at",)
    list_display = ("name", "enabled", "scheduler", "last_run_at")
    list_filter = ("enabled",)
    search_fields = ("name",)
    actions = None
    change_form_template = "admin/change_form.html"  # the package's own has inline scripts

    def get_record_title(self, obj: Any) -> str:
        """The job's name, without the schedule's notation."""
        return str(obj.name)
