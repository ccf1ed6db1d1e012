"""What a year's coverage costs whom."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import F, QuerySet, Sum
from django.forms import Field
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.coverage.models import PremiumStandard, PremiumSubsidy
from enrollment.desk.admin import NOTHING, PortalModelAdmin, money_column
from enrollment.desk.tags import Tone, status_tag
from enrollment.desk.widgets import YuanField, YuanInput
from enrollment.values.money import ZERO, format_yuan

if TYPE_CHECKING:
    from django.db.models import Field as ModelField

    _TabularInline = admin.TabularInline[PremiumSubsidy, PremiumStandard]
else:
    _TabularInline = admin.TabularInline


class SubsidyInline(_TabularInline):
    """One line per government tier."""

    model = PremiumSubsidy
    extra = 0
    fields = ("tier", "amount")

    def formfield_for_dbfield(
        self, db_field: "ModelField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Amounts as clerks type them, never negative."""
        if db_field.name == "amount":
            return db_field.formfield(
                form_class=YuanField, widget=YuanInput, min_value=ZERO, **kwargs
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(PremiumStandard)
class PremiumStandardAdmin(PortalModelAdmin):
    """One line per year with the sum of all tiers."""

    changed_by_the_county = True
    bounded_list = True
    list_display = (
        "year",
        money_column("personal", _("Personal premium"), total=False),
        money_column("subsidies_total", _("Government subsidies"), total=False),
        money_column("total", _("In all"), total=False),
        "tag_confirmed",
        "source",
    )
    list_display_links = ("year",)
    list_filter = ("confirmed",)
    sortable_by = ("year",)
    ordering = ("-year",)
    fields = ("year", "personal", "sums", "source", "confirmed")
    readonly_fields = ("sums",)
    inlines = (SubsidyInline,)
    actions = None
    empty_list_hint = _("Enter each year's premium with the subsidies of the government tiers.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PremiumStandard]:
        """With the sums, in the same statement."""
        standards: QuerySet[PremiumStandard] = super().get_queryset(request)
        subsidies = Sum("subsidies__amount")  # none when no tier is entered yet, not zero
        return standards.annotate(subsidies_total=subsidies, total=subsidies + F("personal"))

    def formfield_for_dbfield(
        self, db_field: "ModelField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """No negative premium."""
        if db_field.name == "personal":
            kwargs["min_value"] = ZERO
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks reads the state beside the sum."""
        may = (
            self.has_add_permission(request)
            if obj is None
            else self.has_change_permission(request, obj)
        )
        return self.fields if may else self.fields[:-1]

    @admin.display(description=_("Confirmed"), ordering="confirmed")
    def tag_confirmed(self, obj: PremiumStandard) -> str:
        """Whether the bureau's document is at hand."""
        if obj.confirmed:
            return status_tag(pgettext_lazy("figure", "Confirmed"), Tone.GREEN)
        return status_tag(pgettext_lazy("figure", "Not confirmed"), Tone.AMBER)

    @admin.display(description=_("Sum"))
    def sums(self, obj: PremiumStandard) -> str:
        """Subsidies of all tiers and the whole, with the state of the figures."""
        if obj.pk is None:
            return NOTHING
        if obj.subsidies_total is None:  # type: ignore[attr-defined]  # annotated above
            return format_html("{} {}", _("No subsidies entered yet"), self.tag_confirmed(obj))
        return format_html(
            '{} <span class="money">{}</span> · {} <span class="money">{}</span> {}',
            _("Subsidies of all tiers"),
            format_yuan(obj.subsidies_total),  # type: ignore[attr-defined]  # annotated above
            _("with the personal premium"),
            format_yuan(obj.total),  # type: ignore[attr-defined]  # annotated above
            self.tag_confirmed(obj),
        )
