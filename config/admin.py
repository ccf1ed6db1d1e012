"""The schedule's screens, cut down to what a bureau sets: which job, at what time, on or off."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as stock_screens  # noqa: F401 - registers what is replaced
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from django_otp.plugins.otp_static import admin as stock_static_screens  # noqa: F401 - as above
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as stock_totp_screens  # noqa: F401 - as above
from django_otp.plugins.otp_totp.models import TOTPDevice

from enrollment.desk.admin import PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag

for _model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule, PeriodicTask):
    admin.site.unregister(_model)
# The keys of a second step are nobody's to read.
for _device in (TOTPDevice, StaticDevice):
    admin.site.unregister(_device)


WEEKDAYS = {
    "0": _("every Sunday at %(time)s"),
    "1": _("every Monday at %(time)s"),
    "2": _("every Tuesday at %(time)s"),
    "3": _("every Wednesday at %(time)s"),
    "4": _("every Thursday at %(time)s"),
    "5": _("every Friday at %(time)s"),
    "6": _("every Saturday at %(time)s"),
}


def time_of_day(crontab: CrontabSchedule | None) -> time | None:
    """The hour and minute of a job that runs once a day or a week; None for any other rhythm."""
    if crontab is None or not (crontab.minute.isdigit() and crontab.hour.isdigit()):
        return None
    if {crontab.day_of_month, crontab.month_of_year} != {"*"}:
        return None
    if crontab.day_of_week != "*" and crontab.day_of_week not in WEEKDAYS:
        return None
    return time(int(crontab.hour), int(crontab.minute))


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """On or off, and the time of day."""

    daily_at = forms.TimeField(
        label=_("Time of day"),
        input_formats=["%H:%M", "%H%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "day", "placeholder": "01:30"}),
        help_text=_("Hour and minute, such as 01:30."),
    )

    class Meta:
        model = PeriodicTask
        fields = ("enabled",)
        help_texts = {"enabled": _("A job that is switched off does not run until it is on again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the time that holds."""
        super().__init__(*args, **kwargs)
        self.fields["daily_at"].initial = time_of_day(self.instance.crontab)

    def save(self, commit: bool = True) -> Any:
        """Move the job to the crontab of that time; others may share the old one."""
        at: time = self.cleaned_data["daily_at"]
        before = self.instance.crontab
        self.instance.crontab, _made = CrontabSchedule.objects.get_or_create(
            minute=str(at.minute),
            hour=str(at.hour),
            day_of_week=before.day_of_week,
            day_of_month=before.day_of_month,
            month_of_year=before.month_of_year,
            timezone=before.timezone,
        )
        return super().save(commit)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(PortalModelAdmin):
    """The jobs that run by themselves; Celery's own housekeeping is left out."""

    bounded_list = True
    list_label = _("Schedule")
    form = ScheduleForm
    fields = ("enabled", "daily_at", "last_run")
    readonly_fields = ("last_run",)
    list_display = ("job", "is_on", "runs", "last_run")
    list_display_links = ("job",)
    list_select_related = ("crontab",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Jobs of the portal with a time of day."""
        jobs = super().get_queryset(request).filter(crontab__isnull=False)
        return jobs.exclude(name__startswith="celery.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may not move the job reads its time instead of a field of the form."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ("is_on", "runs", "last_run")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The columns' words where nothing can be changed."""
        if self.has_change_permission(request, obj):
            return self.readonly_fields
        return ("is_on", "runs", "last_run")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jobs come with the portal."""
        return False

    def get_record_title(self, obj: Any) -> str:
        """The job's name in the reader's language."""
        return gettext(obj.name)

    @admin.display(description=_("Job"))
    def job(self, obj: Any) -> str:
        """The job's name in the reader's language."""
        return gettext(obj.name)

    @admin.display(description=_("State"))
    def is_on(self, obj: Any) -> str:
        """On or off."""
        on = obj.enabled
        return status_tag(_("on") if on else _("off"), Tone.GREEN if on else Tone.NEUTRAL)

    @admin.display(description=_("Runs"))
    def runs(self, obj: Any) -> str:
        """Every day or a weekday at a time, or the schedule's own notation."""
        at = time_of_day(obj.crontab)
        if at is None:
            return str(obj.crontab)
        words = WEEKDAYS.get(obj.crontab.day_of_week, _("every day at %(time)s"))
        return format_html("{}", words % {"time": f"{at:%H:%M}"})

    @admin.display(description=_("Last run"), ordering="last_run_at")
    def last_run(self, obj: Any) -> str:
        """When the beat last sent the job, by the bureau's clock."""
        at = obj.last_run_at
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"
