"""Claims in lists and on their own page; every change is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from claims.intake.states import in_state
from claims.review import bulk
from claims.review.due import DueFilter, due_column, mark_due
from claims.review.selectors import (
    FIRST,
    HELD,
    MINE,
    RETURNED,
    SECOND,
    claim_page,
    possible_steps,
    queue,
)
from claims.review.tones import STATE_TONES
from claims.review.window_actions import window_actions
from claims.search.finders import united_keys
from enrollment.access.models import User
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, PickFilter
from enrollment.desk.tags import Tone
from enrollment.residents.selectors import rows_of_matching

# The steps of many claims at once: who may take them, and the queue whose claims they move.
_BULK_STEPS = {
    "pass_first_selected": ("claims.review_first", FIRST),
    "approve_selected": ("claims.review_second", SECOND),
}
_URLS = {"return_first": "return", "return_second": "return"}
_TONES = {"pass_first": Tone.BLUE, "approve": Tone.BLUE, "release": Tone.BLUE, "reject": Tone.RED}


class StateFilter(admin.ChoicesFieldListFilter):
    """One state, read through what waits, or what is not live."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """The claims in the chosen state."""
        states: Any = self.used_parameters.get(f"{self.field_path}__exact")
        return in_state(queryset, *states) if states else queryset


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is, for the person who looks."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The queues."""
        return [
            (FIRST, _("first review, not mine")),
            (SECOND, _("second review, not mine")),
            (HELD, _("held")),
            (RETURNED, _("returned to me")),
            (MINE, _("entered by me, under way")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """The claims of the chosen queue."""
        known = {code for code, _label in self.lookup_choices}
        if self.value() not in known or not isinstance(request.user, User):
            return queryset
        return queryset & queue(str(self.value()), request.user).order_by()


@admin.register(Claim)
class ClaimAdmin(ViewOnlyAdmin):
    """One line per claim; its page shows facts, breakdown, checks and log."""

    list_display = (
        "number",
        tag_column("state", _("State"), STATE_TONES),
        "person",
        "institution",
        "kind",
        "discharged_on",
        money_column("total", _("Total cost")),
        "source",
        due_column,
    )
    list_display_links = ("number",)
    list_filter = (
        QueueFilter,
        ("state", StateFilter),
        DueFilter,
        "kind",
        "source",
        ("institution", PickFilter),
        ("discharged_on", DayRangeFilter),
    )
    list_select_related = ("person", "institution")
    ordering = ("-id",)
    search_fields = ("number",)
    search_help_text = _("Claim, invoice or visit number; ID number, last four, name or initials")
    search_hint = _("Number, name or ID")
    empty_list_hint = _("Claims come in at the window or by upload.")
    change_form_template = "claims/claim.html"
    actions = (bulk.pass_first_selected, bulk.approve_selected)
    fields = ("number",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """An institution's months link here without rejected and reversed claims."""
        return lookup == "is_live__exact" or super().lookup_allowed(lookup, value, request)

    def get_ordering(self, request: HttpRequest) -> Any:
        """In a queue, and of what has a term, what is due comes first."""
        if request.GET.get("queue") or request.GET.get("due"):
            return (F("due_on").asc(nulls_last=True), "id")
        return super().get_ordering(request)

    def prepare_rows(self, rows: Sequence[Claim]) -> None:
        """With the calendar read once for all lines."""
        mark_due(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """By number, and by invoice, visit (rejected claims left out) or resident: all indexed."""
        term = search_term.strip().replace("\0", "")
        if not term:
            return queryset, False
        people = rows_of_matching(Claim.objects.all(), term).values_list("pk")
        return queryset.filter(pk__in=united_keys(term, people)), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Bulk steps only for those who may take them, and in a queue only its own."""
        queue_looked_at = request.GET.get("queue")
        offered: dict[str, Any] = super().get_actions(request)
        return {
            name: offered[name]
            for name, (permission, waits_in) in _BULK_STEPS.items()
            if name in offered
            and request.user.has_perm(permission)
            and queue_looked_at in (None, "", waits_in)
        }

    def object_actions(self, request: HttpRequest, obj: Claim) -> Sequence[ObjectAction]:
        """The steps from here by the transition table, and what they still need."""
        user = request.user
        if not isinstance(user, User):
            return []
        steps = [
            ObjectAction(
                label=step.label,
                url=reverse(
                    f"admin:claims_claim_{_URLS.get(step.action, step.action)}", args=[obj.pk]
                )
                + f"?seen={obj.version}",
                enabled=step.refused is None,
                reason=str(step.refused or ""),
                tone=_TONES.get(step.action, Tone.NEUTRAL),
            )
            for step in possible_steps(obj, user)
        ]
        return [*window_actions(obj, user, getattr(obj, "needs", ())), *steps]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The claim's own page instead of a form."""
        if obj is not None and isinstance(request.user, User):
            context["claim"] = obj
            context["page"] = page = claim_page(obj, request.user, today=timezone.localdate())
            obj.needs = page.needs
            context["state_tone"] = STATE_TONES[obj.state].value
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Claim | None:
        """With everything that the page names."""
        found: Claim | None = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        return Claim.objects.select_related(
            "person__division", "person__household", "institution", "entered_by"
        ).get(pk=found.pk)
