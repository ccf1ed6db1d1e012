"""Payment batches and orders; every change is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.payments.exchange import DOWNLOADED
from claims.payments.models import (
    BatchState,
    OrderState,
    PaymentBatch,
    PaymentOrder,
)
from claims.payments.selectors import (
    accounts_missing,
    batches_to_approve,
    behind_amount,
    uploads_behind,
)
from claims.payments.states import BATCH_TRANSITIONS
from claims.payments.tones import BATCH_TONES, ORDER_TONES
from enrollment.access.requests import staff_of
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, TurnFilter
from enrollment.desk.steps import step_actions
from enrollment.desk.tags import Tone
from enrollment.models import User

SHOWN_ORDERS = 100


class BatchTurnFilter(TurnFilter):
    """Batches that another person put together."""

    def waiting(self, queryset: QuerySet[PaymentBatch], user: User) -> QuerySet[PaymentBatch]:
        """As on the desk."""
        return queryset.filter(pk__in=batches_to_approve(user).values("pk"))


def _step_label(action: str) -> str:
    """A step of a batch in words; taking its file moves nothing."""
    if action == DOWNLOADED:
        return str(_("Bank file downloaded"))
    return str(BATCH_TRANSITIONS[action].label)


@admin.register(PaymentBatch)
class PaymentBatchAdmin(ViewOnlyAdmin):
    """One line per batch; its page shows the orders and what can be done now."""

    bounded_list = True
    list_display = (
        "number",
        tag_column("state", _("State"), BATCH_TONES),
        "orders_count",
        money_column("total", _("Total")),
        "created_by",
        "created_at",
    )
    list_display_links = ("number",)
    list_filter = (BatchTurnFilter, "state", ("created_at", DayRangeFilter))
    list_select_related = ("created_by",)
    search_fields = ("number",)
    search_help_text = _("Batch number")
    fields = ("number",)
    empty_list_hint = _("Batches are put together from pending payment orders.")
    change_list_template = "payments/batches.html"
    change_form_template = "payments/batch.html"

    def object_actions(self, request: HttpRequest, obj: PaymentBatch) -> Sequence[ObjectAction]:
        """Approve, cancel, write the bank file, read the return; disabled with the reason."""
        tones = {"approve": Tone.GREEN, "send": Tone.BLUE, "cancel": Tone.RED}
        prefix = "admin:claims_paymentbatch"
        actions = step_actions(obj, BATCH_TRANSITIONS, tones, prefix, staff_of(request))
        may_exchange = request.user.has_perm("claims.exchange_bank_files")
        if obj.state in (BatchState.SENT, BatchState.CLOSED) and may_exchange:
            url = reverse("admin:claims_paymentbatch_file", args=[obj.pk])
            actions.append(ObjectAction(label=_("Download the bank file"), url=url))
        if obj.state == BatchState.SENT and may_exchange:
            url = reverse("admin:claims_paymentbatch_return", args=[obj.pk])
            actions.append(ObjectAction(label=_("Read the bank's return"), url=url, tone=Tone.BLUE))
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
        """Add orders, returns and the log."""
        context["orders"] = obj.orders.select_related("person", "institution").order_by("pk")[
            :SHOWN_ORDERS
        ]
        context["tones"] = ORDER_TONES
        context["batch_tone"] = BATCH_TONES[obj.state]
        context["returns"] = obj.returns.select_related("read_by").order_by("pk")
        context["log"] = [
            (row, _step_label(row.action))
            for row in obj.transitions.select_related("actor").order_by("pk")
        ]
        return super().render_change_form(request, context, add, change, form_url, obj)


class AccountFilter(admin.SimpleListFilter):
    """Orders that no batch can take because the resident has no account on file, and the others."""

    title = _("account")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Missing or not."""
        return [("missing", _("missing, to be asked for")), ("known", _("on file"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All orders, those that wait for an account, or those that do not."""
        waiting = accounts_missing().values("pk")
        if self.value() == "missing":
            return queryset.filter(pk__in=waiting)
        return queryset.exclude(pk__in=waiting) if self.value() == "known" else queryset


@admin.register(PaymentOrder)
class PaymentOrderAdmin(ViewOnlyAdmin):
    """One line per order; a failed one is paid again from its page."""

    list_display = (
        "number",
        tag_column("state", _("State"), ORDER_TONES),
        "payee",
        "account",
        money_column("amount", _("Amount")),
        "batch",
        "paid_on",
        "failure",
    )
    list_display_links = ("number",)
    list_filter = ("state", AccountFilter, ("paid_on", DayRangeFilter))
    list_select_related = ("person", "institution", "batch")
    search_fields = ("number",)
    search_help_text = _("Order or claim number")
    ordering = ("-id",)
    fields = ("number",)
    empty_list_hint = _("Orders are made by the settlement.")
    change_form_template = "payments/order.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the whole number of the order or of its claim, each by its index."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        orders = PaymentOrder.objects.values_list("pk")
        found = orders.filter(number=term).union(orders.filter(claim__number=term))
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("Resident or institution"))
    def payee(self, obj: PaymentOrder) -> str:
        """Whose benefit it is; the account may be another's, such as a parent's."""
        return str(obj.person or obj.institution)

    @admin.display(description=_("Account"))
    def account(self, obj: PaymentOrder) -> str:
        """Masked; says so when there is none."""
        return obj.masked_account or str(_("no account"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Runs and batches link here with their filter."""
        allowed = {"run__id__exact", "batch__id__exact"}
        return lookup in allowed or super().lookup_allowed(lookup, value, request)

    def object_actions(self, request: HttpRequest, obj: PaymentOrder) -> Sequence[ObjectAction]:
        """Correct the account, pay again, as far as the role includes it."""
        if obj.state != OrderState.FAILED and not (
            obj.state == OrderState.PENDING and not obj.account_no
        ):
            return ()
        actions = []
        if obj.person_id is not None and request.user.has_perm("enrollment.correct_account"):
            actions.append(
                ObjectAction(
                    label=_("Correct the account"),
                    url=reverse("admin:claims_paymentorder_account", args=[obj.pk]),
                    tone=Tone.BLUE,
                )
            )
        if obj.state == OrderState.FAILED and request.user.has_perm("claims.pay_again"):
            actions.append(
                ObjectAction(
                    label=_("Pay again"),
                    url=reverse("admin:claims_paymentorder_again", args=[obj.pk]),
                    tone=Tone.GREEN,
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
        """Add shares, the claims behind an institution's order, the orders before and after."""
        context["shares"] = obj.shares.prefetch_related("set_offs__clearance").order_by("pk")
        context["replaced_by"] = PaymentOrder.objects.filter(replaces=obj).first()
        context["order_tone"] = ORDER_TONES[obj.state]
        if obj.institution_id is not None and obj.run_id is not None:
            context["claims_url"], context["claims_count"] = uploads_behind(obj)
        uploads = context.get("claims_url", "")
        context["behind_url"] = behind_amount(obj, staff_of(request), uploads)
        return super().render_change_form(request, context, add, change, form_url, obj)
