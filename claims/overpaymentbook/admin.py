"""Overpayments and clearances as lists and pages; every step is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.overpaymentbook.tones import CLEARANCE_TONES, standing_of
from claims.overpayments.models import Clearance, ClearanceState, Overpayment
from claims.overpayments.selectors import account_of, with_standing
from claims.overpayments.states import CLEARANCE_TRANSITIONS
from claims.templatetags.money_words import layer_name
from enrollment.access.requests import staff_of
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, TurnFilter
from enrollment.desk.steps import DECISION_TONES, step_actions
from enrollment.desk.tags import Tone, status_tag
from enrollment.models import User
from enrollment.values.written import numbered_key


class StandingFilter(admin.SimpleListFilter):
    """What is still to be done about it."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Open ones in three kinds, and the cleared."""
        return [
            ("open", pgettext_lazy("overpayment", "open")),
            ("overdue", _("overdue")),
            ("unplanned", _("nothing agreed yet")),
            ("cleared", _("cleared")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the annotations of `with_standing`."""
        wanted: dict[str, dict[str, Any]] = {
            "open": {"still_open__gt": 0},
            "overdue": {"is_overdue": True},
            "unplanned": {"still_open__gt": 0, "has_plan": False},
            "cleared": {"still_open": 0},
        }
        return queryset.filter(**wanted.get(str(self.value()), {}))


@admin.register(Overpayment)
class OverpaymentAdmin(ViewOnlyAdmin):
    """One line per payee, layer and payer of a correction."""

    bounded_list = True
    list_display = (
        "label",
        "payee",
        "what",
        "payer",
        "opened_on",
        money_column("amount", _("Amount")),
        money_column("back", _("Paid back")),
        money_column("still_open", pgettext_lazy("overpayment", "Open")),
        "standing",
        "correction",
    )
    list_display_links = ("label",)
    list_filter = (StandingFilter, "payer", ("opened_on", DayRangeFilter))
    list_select_related = ("person", "institution", "correction")
    sortable_by = ()
    search_fields = ("person__name", "institution__name")
    search_help_text = _("Number, name of the resident or the institution")
    search_hint = _("Number or name")
    fields = ("opened_on",)
    empty_list_hint = _("Overpayments are opened by approved corrections.")
    change_form_template = "overpayments/overpayment.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what came back and what is open today."""
        return with_standing(super().get_queryset(request), timezone.localdate())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its number, else by name."""
        key = numbered_key("T", search_term)
        if key is not None:
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("Overpayment"))
    def label(self, obj: Overpayment) -> str:
        """Its number."""
        return str(obj)

    @admin.display(description=_("Payee"))
    def payee(self, obj: Overpayment) -> str:
        """The resident or the institution."""
        return str(obj.person or obj.institution)

    @admin.display(description=_("Layer"))
    def what(self, obj: Overpayment) -> str:
        """The layer's name."""
        return str(layer_name(obj.layer))

    @admin.display(description=_("Standing"))
    def standing(self, obj: Any) -> str:
        """A word in its colour."""
        word, tone = standing_of(obj.still_open, has_plan=obj.has_plan, is_overdue=obj.is_overdue)
        return status_tag(word, tone)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """What the role may do about what is open; a disabled one says why."""
        cleared = "" if obj.still_open else _("Nothing is open any more.")
        offered = []
        for name, permission, label, tone in (
            ("repaid", "record_repayment", _("Record a repayment"), Tone.GREEN),
            ("plan", "agree_repayment", _("Agree on instalments"), Tone.BLUE),
            ("set_off", "propose_clearance", _("Set off against a payment"), Tone.NEUTRAL),
            ("write_off", "propose_clearance", _("Propose a write-off"), Tone.RED),
        ):
            if request.user.has_perm(f"claims.{permission}"):
                offered.append(
                    ObjectAction(
                        label=label,
                        url=reverse(f"admin:claims_overpayment_{name}", args=[obj.pk]),
                        enabled=not cleared,
                        reason=cleared,
                        tone=tone,
                    )
                )
        return offered

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add receipts, the plan that holds, and clearances."""
        if obj is not None:
            account = account_of(obj, timezone.localdate())
            word, tone = standing_of(
                account.still_open,
                has_plan=account.plan is not None,
                is_overdue=account.is_overdue,
            )
            context["account"] = account
            context["standing"], context["tone"] = word, tone.value
            context["clearances"] = [
                (one, CLEARANCE_TONES[one.state].value)
                for one in obj.clearances.select_related("share__order", "proposed_by")
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)


class ClearanceTurnFilter(TurnFilter):
    """Set-offs and write-offs that others proposed."""

    def waiting(self, queryset: QuerySet[Clearance], user: User) -> QuerySet[Clearance]:
        """As on the desk."""
        return queryset.filter(state=ClearanceState.PROPOSED).exclude(proposed_by=user)


@admin.register(Clearance)
class ClearanceAdmin(ViewOnlyAdmin):
    """Set-offs and write-offs, proposed by one and approved by another."""

    bounded_list = True
    list_display = (
        "label",
        "kind",
        tag_column("state", _("State"), CLEARANCE_TONES),
        "overpayment",
        "payee",
        money_column("amount", _("Amount")),
        "proposed_by",
        "proposed_at",
    )
    list_display_links = ("label",)
    list_filter = (ClearanceTurnFilter, "state", "kind", ("proposed_at", DayRangeFilter))
    list_select_related = ("overpayment__person", "overpayment__institution", "proposed_by")
    sortable_by = ()
    search_fields = ("overpayment__person__name",)
    search_help_text = _("Number or name of the resident")
    search_hint = _("Number or name")
    fields = ("kind",)
    empty_list_hint = _("Set-offs and write-offs are proposed on an overpayment.")
    change_form_template = "overpayments/clearance.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its number, else by name."""
        key = numbered_key("D", search_term)
        if key is not None:
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("Clearance"))
    def label(self, obj: Clearance) -> str:
        """Its number."""
        return str(obj)

    @admin.display(description=_("Payee"))
    def payee(self, obj: Clearance) -> str:
        """The resident or the institution."""
        return str(obj.overpayment.person or obj.overpayment.institution)

    def object_actions(self, request: HttpRequest, obj: Clearance) -> Sequence[ObjectAction]:
        """Approve, reject, withdraw; disabled with the reason."""
        return step_actions(
            obj, CLEARANCE_TRANSITIONS, DECISION_TONES, "admin:claims_clearance", staff_of(request)
        )

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add the log."""
        if obj is not None:
            context["steps"] = [
                (step, _STEP_WORDS[step.to_state])
                for step in obj.transitions.select_related("actor").order_by("pk")
            ]
            context["tone"] = CLEARANCE_TONES[obj.state].value
        return super().render_change_form(request, context, add, change, form_url, obj)


_STEP_WORDS = dict(ClearanceState.choices)
