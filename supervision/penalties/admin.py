"""Recoveries and fines: two lists, two kinds of receipt, never a common sum."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.desk.admin import NOTHING, ObjectAction, money_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.steps import offer
from enrollment.desk.tags import Label, Tone
from supervision.cases.clocks import Clocks, clock_tag
from supervision.penalties.models import Fine, Recovery
from supervision.penalties.receipts import why_not_receive
from supervision.penalties.selectors import fines_with_open, recoveries_with_open
from supervision.sums.addresses import (
    behind_order,
    behind_receipts,
    decided_in,
    listed,
    written_decision,
)
from supervision.sums.columns import SummedAdmin

if TYPE_CHECKING:
    _ListFilter = admin.SimpleListFilter
else:
    _ListFilter = admin.SimpleListFilter


class OutstandingFilter(_ListFilter):
    """Whether money is still to come in."""

    title = _("received")
    parameter_name = "money"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Label]]:
        """Open or received."""
        return [("open", _("outstanding")), ("received", _("wholly received"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By what is open."""
        if self.value() == "open":
            return queryset.filter(open_amount__gt=0)
        if self.value() == "received":
            return queryset.filter(open_amount=0)
        return queryset


class OrderAdmin(SummedAdmin):
    """What an institution owes one treasury; services write it, receipts settle it."""

    bounded_list = True
    rows: Callable[[], QuerySet[Any]]
    receive_label: Label = ""
    change_form_template = "supervision/order.html"
    search_fields = ("number", "institution__name", "institution__code")
    search_help_text = _("Document or institution")
    list_select_related = ("institution", "case")
    behind = {
        "amount": behind_order,
        "received": behind_receipts,
        "open_amount": behind_receipts,
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what was received and what is open."""
        return visible_to(type(self).rows().order_by("-pk"), request.user)

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With the receipts below."""
        if obj is not None:
            context["order"] = obj
            context["receipts"] = list(obj.receipts.select_related("recorded_by"))
            context["amount_url"] = decided_in(obj, staff_of(request))
            self.prepare_rows([obj])
            context["pay_by"] = self.pay_by(obj)
            context["decision_url"] = written_decision(obj, staff_of(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """Record what came in."""
        return offer(
            self.receive_label,
            reverse(f"admin:supervision_{self.opts.model_name}_receive", args=[obj.pk]),
            why_not_receive(obj.open_amount, staff_of(request)),
            tone=Tone.BLUE,
        )

    def pay_by(self, obj: Any) -> str:
        """Override where the law sets a term for the payment."""
        return ""

    @admin.display(description=_("Case"), ordering="case__number")
    def case_link(self, obj: Any) -> str:
        """The case that ordered it, if one did."""
        if obj.case is None:
            return NOTHING
        url = reverse("admin:supervision_case_change", args=[obj.case_id])
        return format_html('<a href="{}">{}</a>', url, obj.case)


@admin.register(Recovery)
class RecoveryAdmin(OrderAdmin):
    """Money that goes back to the fund."""

    rows = staticmethod(recoveries_with_open)
    receive_label = _("Recovery received")
    list_display = (
        "number",
        "institution",
        "basis",
        "case_link",
        "decided_on",
        money_column("amount", _("Recovery")),
        money_column("received", _("Received")),
        money_column("open_amount", _("Outstanding")),
    )
    list_filter = (OutstandingFilter, "basis", ("decided_on", DayRangeFilter))
    empty_list_hint = _("Recoveries are ordered in a case or under the agreement.")


@admin.register(Fine)
class FineAdmin(OrderAdmin):
    """Money that goes to the treasury."""

    rows = staticmethod(fines_with_open)
    receive_label = _("Fine received")
    list_display = (
        "number",
        "institution",
        "case_link",
        "decided_on",
        "pay_by",
        money_column("loss", _("Loss of the fund")),
        money_column("amount", _("Fine")),
        money_column("received", _("Received")),
        money_column("open_amount", _("Outstanding")),
    )
    list_filter = (OutstandingFilter, ("decided_on", DayRangeFilter))
    behind = {
        **OrderAdmin.behind,
        "loss": lambda fine, user: listed("finding", user, case=fine.case_id),
    }
    empty_list_hint = _("Fines are decided in a penalty case.")

    def prepare_rows(self, rows: Sequence[Fine]) -> None:
        """With the term read once for all lines."""
        clocks = Clocks()
        for fine in rows:
            fine.clock = clocks.of_payment(fine.decided_on)  # type: ignore[attr-defined]

    @admin.display(description=_("Pay by"))
    def pay_by(self, obj: Any) -> str:
        """The term while money is to come in; needs `prepare_rows`."""
        return clock_tag(obj.clock if obj.open_amount else None)
