"""The catalogue and the review calendar as pages; a change is a new row."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.diseases.models import ApplicationPaper, DiseaseTerm, ReviewCalendar, SpecialDisease
from enrollment.desk.admin import NOTHING, PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag, words_listed
from enrollment.desk.widgets import DayField, DayInput

if TYPE_CHECKING:
    from django.forms import Field

    _TabularInline = admin.TabularInline[DiseaseTerm, SpecialDisease]
    _FormSet = forms.BaseInlineFormSet[DiseaseTerm, SpecialDisease, forms.ModelForm[DiseaseTerm]]
else:
    _FormSet = forms.BaseInlineFormSet
    _TabularInline = admin.TabularInline


@admin.display(description=_("Confirmed"), ordering="confirmed")
def tag_confirmed(obj: Any) -> str:
    """Whether somebody compared the row with its document."""
    if obj.confirmed:
        return status_tag(_("confirmed"), Tone.GREEN)
    return status_tag(_("to be confirmed"), Tone.AMBER)


class TermFormSet(_FormSet):
    """What applications were filed under stays as it was: a change is a new row."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Of a row that stands only source and confirmation can be changed."""
        super().add_fields(form, index)
        if form.instance.pk:
            for name in {"starts_on", "months", "papers", "lowest_level"} & form.fields.keys():
                form.fields[name].disabled = True


class TermInline(_TabularInline):
    """Validity and papers from a day on; a row that stands is not changed."""

    model = DiseaseTerm
    formset = TermFormSet
    extra = 1
    fields = ("starts_on", "months", "papers", "lowest_level", "source", "confirmed")
    shown = ("starts_on", "months", "papers_shown", "lowest_level", "source", "confirmed_shown")
    can_delete = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads gets words for what others choose."""
        return self.fields if self.has_change_permission(request, obj) else self.shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it for who only reads."""
        return () if self.has_change_permission(request, obj) else self.shown

    @admin.display(description=_("papers"))
    def papers_shown(self, obj: DiseaseTerm) -> str:
        """What they are called."""
        return " · ".join(str(ApplicationPaper(one).label) for one in obj.papers)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "Field | None":
        """Days as clerks type them, papers to tick."""
        if db_field.name == "starts_on":
            return db_field.formfield(  # type: ignore[no-any-return]
                form_class=DayField, widget=DayInput(ahead=True), **kwargs
            )
        if db_field.name == "papers":
            return forms.MultipleChoiceField(
                label=db_field.verbose_name,
                choices=ApplicationPaper.choices,
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("Confirmed"))
    def confirmed_shown(self, obj: DiseaseTerm) -> str:
        """Whether somebody compared the row with its document."""
        return tag_confirmed(obj)


@admin.register(SpecialDisease)
class SpecialDiseaseAdmin(PortalModelAdmin):
    """One line per disease with the beginnings of its diagnoses."""

    changed_by_the_county = True
    list_display = ("code", "name", "diagnosis_codes", "starts_on", "ends_on", tag_confirmed)
    list_display_links = ("code",)
    list_filter = ("confirmed",)
    search_fields = ("code", "name")
    search_help_text = _("Code or name")
    fields = ("code", "name", "diagnoses", "starts_on", "ends_on", "source", "confirmed")
    inlines = (TermInline,)
    ordering = ("code",)
    sortable_by = ()
    bounded_list = True  # a province has some fifty
    actions = None

    @admin.display(description=_("Diagnoses"))
    def diagnosis_codes(self, obj: SpecialDisease) -> str:
        """The beginnings, in their order."""
        return " ".join(obj.diagnoses) or NOTHING

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A disease keeps its code and its first day."""
        return ("code", "starts_on") if obj else ()


# As the last day of a window: the last of every month, whatever its length.
_LAST = 31


@admin.register(ReviewCalendar)
class ReviewCalendarAdmin(PortalModelAdmin):
    """One line per calendar, the newest first."""

    changed_by_the_county = True
    list_display = (
        "starts_on",
        "months_shown",
        "first_review",
        "panel",
        "recheck",
        "panel_size",
        "tag_checks",
        tag_confirmed,
    )
    list_display_links = ("starts_on",)
    ordering = ("-starts_on",)
    sortable_by = ()
    bounded_list = True  # one for each change of the rules
    actions = None
    fields = (
        "starts_on",
        "months",
        ("first_review_from", "first_review_to"),
        ("panel_from", "panel_to"),
        ("recheck_from", "recheck_to"),
        "panel_size",
        "checks_claims",
        "source",
        "confirmed",
    )

    @admin.display(description=_("Months"))
    def months_shown(self, obj: ReviewCalendar) -> str:
        """In their order."""
        return words_listed(*obj.months)

    @admin.display(description=pgettext_lazy("window of days", "First review"))
    def first_review(self, obj: ReviewCalendar) -> str:
        """Days of the month."""
        return f"{obj.first_review_from} – {obj.first_review_to}"

    @admin.display(description=_("Panel"))
    def panel(self, obj: ReviewCalendar) -> str:
        """Days of the month."""
        return f"{obj.panel_from} – {obj.panel_to}"

    @admin.display(description=_("Recheck"))
    def recheck(self, obj: ReviewCalendar) -> str:
        """Days of the month."""
        last = _("the month's last") if obj.recheck_to == _LAST else obj.recheck_to
        return f"{obj.recheck_from} – {last}"

    @admin.display(description=_("Claims need a certificate"), ordering="checks_claims")
    def tag_checks(self, obj: ReviewCalendar) -> str:
        """Whether the calendar checks claims."""
        if obj.checks_claims:
            return status_tag(_("yes"), Tone.BLUE)
        return status_tag(_("no"), Tone.NEUTRAL)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What has been in force keeps its days: a change is a new row."""
        return tuple(
            name
            for part in self.fields
            for name in ((part,) if isinstance(part, str) else part)
            if obj and name not in ("source", "confirmed")
        )
