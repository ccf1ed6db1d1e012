"""The calendar as one page per year."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.calendar.services import calendar_changed
from enrollment.desk.admin import PortalModelAdmin
from enrollment.desk.widgets import DayField, DayInput

if TYPE_CHECKING:
    from django.forms import Field

    _TabularInline = admin.TabularInline[CalendarDay, CalendarYear]
    _FormSet = forms.BaseInlineFormSet[CalendarDay, CalendarYear, forms.ModelForm[CalendarDay]]
else:
    _TabularInline = admin.TabularInline
    _FormSet = forms.BaseInlineFormSet

_SATURDAY = 5


class DaysFormSet(_FormSet):
    """Days of the year only, and only such as differ from an ordinary week."""

    def clean(self) -> None:
        """Put each complaint at its day."""
        super().clean()
        for form in self.forms:
            day = form.cleaned_data.get("day") if hasattr(form, "cleaned_data") else None
            if day is None or form.cleaned_data.get("DELETE"):
                continue
            if self.instance.year and day.year != self.instance.year:
                text = _("%(day)s is not a day of %(year)s.")
                form.add_error(
                    "day", ValidationError(text % {"day": day, "year": self.instance.year})
                )
            worked = form.cleaned_data.get("kind") == CalendarDay.Kind.WORKED
            if worked and day.weekday() < _SATURDAY:
                text = _("%(day)s is a weekday: it is worked anyway.")
                form.add_error("kind", ValidationError(text % {"day": day}))


class DayInline(_TabularInline):
    """One line per day that differs."""

    model = CalendarDay
    formset = DaysFormSet
    extra = 3
    fields = ("day", "kind", "name")

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "Field | None":
        """Days as clerks type them, of the coming year too."""
        if db_field.name == "day":
            field: Field = db_field.formfield(
                form_class=DayField, widget=DayInput(ahead=True), **kwargs
            )
            return field
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(CalendarYear)
class CalendarYearAdmin(PortalModelAdmin):
    """One line per year with its number of days off and make-up days."""

    changed_by_the_county = True
    list_display = ("year", "days_off", "days_worked", "source")
    sortable_by = ("year",)
    fields = ("year", "source")
    inlines = (DayInline,)
    actions = None
    empty_list_hint = gettext_lazy("Enter each year's announcement when it comes out in November.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarYear]:
        """With the counts, in the same statement."""
        years: QuerySet[CalendarYear] = super().get_queryset(request)
        return years.annotate(
            off=Count("days", filter=Q(days__kind=CalendarDay.Kind.OFF)),
            worked=Count("days", filter=Q(days__kind=CalendarDay.Kind.WORKED)),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A year keeps its number."""
        return ("year",) if obj else ()

    @admin.display(description=gettext_lazy("Days off"))
    def days_off(self, obj: CalendarYear) -> int:
        """How many days the announcement gives, weekends among them included."""
        return getattr(obj, "off", 0)

    @admin.display(description=gettext_lazy("Make-up days"))
    def days_worked(self, obj: CalendarYear) -> int:
        """How many weekend days are worked."""
        return getattr(obj, "worked", 0)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """When the year's days stand, the due dates follow them."""
        super().save_related(request, form, formsets, change)
        calendar_changed(form.instance.year)
