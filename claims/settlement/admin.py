"""Settlement runs and results; both are only ever written by the settlement."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.corrections.models import Revision, RevisionLayer
from claims.policies.selectors import layer_choices
from claims.results.selectors import layer_sums, results_of, standing_paid
from claims.review.holding import SHORT_REASONS, held_because, stored_reason
from claims.settlement.models import LayerPayment, SettledClaim, SettlementRun
from claims.settlement.selectors import run_page
from enrollment.desk.admin import ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Tone

RUN_TONES: dict[str, Tone] = {
    SettlementRun.State.RUNNING: Tone.BLUE,
    SettlementRun.State.POSTED: Tone.GREEN,
}


@admin.register(SettlementRun)
class SettlementRunAdmin(ViewOnlyAdmin):
    """One line per night; its page shows progress, results and held claims."""

    bounded_list = True
    list_display = (
        "number",
        tag_column("state", _("State"), RUN_TONES),
        "up_to",
        "claims_found",
        "started_at",
        "finished_at",
        "starter",
        "resumed",
    )
    list_display_links = ("number",)
    list_filter = ("state", ("up_to", DayRangeFilter))
    list_select_related = ("started_by",)
    fields = ("up_to",)
    empty_list_hint = _("A run is made every night, or by “Settle now”.")
    change_list_template = "settlement/runs.html"
    change_form_template = "settlement/run.html"

    @admin.display(description=_("Run"), ordering="id")
    def number(self, obj: SettlementRun) -> str:
        """Its number."""
        return f"{obj.pk}"

    @admin.display(description=_("Started by"))
    def starter(self, obj: SettlementRun) -> str:
        """Who started it."""
        return str(obj.started_by or _("schedule"))

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add the run's figures."""
        page = run_page(obj)
        context["page"] = page
        context["held"] = [
            (hold, held_because(stored_reason(hold.reason, hold.detail))) for hold in page.held
        ]
        context["held_reasons"] = [
            (SHORT_REASONS.get(reason, reason), count) for reason, count in page.held_reasons
        ]
        context["run_tone"] = RUN_TONES[obj.state]
        response = super().render_change_form(request, context, add, change, form_url, obj)
        context["title"] = _("Settlement run %(run)s") % {"run": obj.pk}
        return response


class YearFilter(admin.SimpleListFilter):
    """The benefit year: this one, and as many before as a resident may still ask about."""

    title = _("benefit year")
    parameter_name = "year"
    shown = 5

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """This year first; the table is not asked which years it holds."""
        this = timezone.localdate().year
        return [(str(year), str(year)) for year in range(this, this - self.shown, -1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The claims of that year."""
        year = str(self.value() or "")
        return queryset.filter(year=int(year)) if year in dict(self.lookup_choices) else queryset


class CorrectedFilter(admin.SimpleListFilter):
    """Only what a correction has changed."""

    title = _("corrections")
    parameter_name = "corrected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice beside all."""
        return [("yes", _("corrected since"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The claims with a revision; those are few."""
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Revision.objects.values("settled"))


class LayerFilter(admin.SimpleListFilter):
    """What one layer paid, as a run or an institution's month shows it.

    Offered where a run or an institution narrows the list: among all results the rows of a rare
    layer would be looked for in millions.
    """

    title = _("benefit layer")
    parameter_name = "layer"
    narrowed_by = ("run__id__exact", "institution__id__exact", "claim__institution__id__exact")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The layers of the schemes; the table is not asked which it holds."""
        if not any(request.GET.get(name) for name in self.narrowed_by):
            return []
        return layer_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The claims on which the layer pays, or paid before a correction."""
        layer = self.value()
        if layer not in dict(self.lookup_choices):
            return queryset
        paid = LayerPayment.objects.filter(settled=OuterRef("pk"), layer=layer)
        revised = RevisionLayer.objects.filter(revision__settled=OuterRef("pk"), layer=layer)
        return queryset.filter(Q(Exists(paid)) | Q(Exists(revised)))


_LINKED = (
    *LayerFilter.narrowed_by,
    "claim__state__exact",
    "claim__discharged_on__gte",
    "claim__discharged_on__lte",
)
_LAYER_COLUMNS = {
    "money_in_policy": money_column("layer_paid", _("This layer by the settlement")),
    "money_paid": money_column("layer_stands", _("This layer now")),
}


@admin.register(SettledClaim)
class SettledClaimAdmin(ViewOnlyAdmin):
    """Frozen results: what is behind a run's and an entry's figures."""

    list_display = (
        "claim",
        "person",
        "institution",
        "run",
        "year",
        money_column("total", _("Total cost")),
        money_column("in_policy", _("In-policy cost")),
        money_column("paid", _("Paid by the settlement")),
        money_column("stands", _("Pays now")),
        money_column("bears", _("Personal share")),
    )
    list_display_links = ("claim",)
    list_filter = ("source", YearFilter, CorrectedFilter, LayerFilter)
    list_select_related = ("claim", "person", "institution", "run")
    search_fields = ("claim__number__exact",)
    search_help_text = _("Claim number")
    ordering = ("-claim_id",)
    empty_list_hint = _("Results come from the nightly settlement.")
    change_form_template = "settlement/settled_claim.html"
    fields = ("year", "total", "in_policy", "already_paid", "paid", "personal")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SettledClaim]:
        """With what stands after corrections, and what of it the chosen layer pays."""
        settled: QuerySet[SettledClaim] = super().get_queryset(request)
        stands = standing_paid()
        settled = settled.annotate(stands=stands, bears=F("total") - F("already_paid") - stands)
        layer = request.GET.get(LayerFilter.parameter_name)
        return settled.annotate(**layer_sums(layer)) if layer else settled

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The layer's amounts in the place of two others where a layer is chosen."""
        columns = super().get_list_display(request)
        if not request.GET.get(LayerFilter.parameter_name):
            return list(columns)
        return [_LAYER_COLUMNS.get(getattr(one, "__name__", ""), one) for one in columns]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Runs, entries and an institution's months link here with their filter."""
        return lookup in _LINKED or super().lookup_allowed(lookup, value, request)

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add layers, movements and orders."""
        context["layers"] = obj.layers.order_by("pk")
        context["movements"] = obj.movements.order_by("pk")
        context["results"] = results_of(obj)
        context["orders"] = obj.claim.orders.order_by("pk")
        return super().render_change_form(request, context, add, change, form_url, obj)
