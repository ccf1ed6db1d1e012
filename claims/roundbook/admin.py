"""Rounds as a list and as pages, and the years of a round."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.policies.language import reader_language
from claims.policies.selectors import scheme_name
from claims.roundbook.tones import OUTCOME_TONES, ROUND_TONES
from claims.rounds.models import CorrectionRound, RoundState, RoundYear
from claims.rounds.selectors import first_changes, outcomes_of, round_progress
from claims.rounds.states import ROUND_TRANSITIONS
from enrollment.access.requests import staff_of
from enrollment.desk.admin import NOTHING, ObjectAction, ViewOnlyAdmin, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, TurnFilter
from enrollment.desk.steps import step_actions
from enrollment.desk.tags import Tone
from enrollment.models import User


class RoundTurnFilter(TurnFilter):
    """Rounds that others started."""

    def waiting(self, queryset: QuerySet[CorrectionRound], user: User) -> QuerySet[CorrectionRound]:
        """As on the desk."""
        return queryset.filter(state=RoundState.READY).exclude(started_by=user)


@admin.register(CorrectionRound)
class CorrectionRoundAdmin(ViewOnlyAdmin):
    """One line per round; its page shows progress, sums and the first changes."""

    bounded_list = True
    list_display = (
        "label",
        "cause",
        tag_column("state", _("State"), ROUND_TONES),
        "scheme_shown",
        "since",
        "years_found",
        "started_by",
        "started_at",
    )
    list_display_links = ("label",)
    list_filter = (RoundTurnFilter, "state", "cause", ("started_at", DayRangeFilter))
    list_select_related = ("started_by",)
    sortable_by = ()
    fields = ("since",)
    empty_list_hint = _(
        "A round is started when an identity or a policy changes with retroactive effect."
    )
    change_list_template = "rounds/rounds.html"
    change_form_template = "rounds/round.html"

    @admin.display(description=_("Benefit scheme"))
    def scheme_shown(self, obj: CorrectionRound) -> str:
        """Its name; a round of identities has none."""
        return scheme_name(obj.scheme, reader_language()) if obj.scheme else NOTHING

    @admin.display(description=_("Round"))
    def label(self, obj: CorrectionRound) -> str:
        """Its number."""
        return str(obj)

    def object_actions(self, request: HttpRequest, obj: CorrectionRound) -> Sequence[ObjectAction]:
        """Approve, reject; disabled with the reason."""
        return step_actions(
            obj, ROUND_TRANSITIONS, _STEP_TONES, "admin:claims_correctionround", staff_of(request)
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
        """Add progress, sums, first changes and the log."""
        if obj is not None:
            context["progress"] = round_progress(obj, timezone.now())
            context["outcomes"] = outcomes_of(obj)
            context["changes"] = [
                (row, OUTCOME_TONES[row.outcome].value) for row in first_changes(obj)
            ]
            context["steps"] = [
                (step, _STATE_WORDS[step.to_state])
                for step in obj.transitions.select_related("actor").order_by("pk")
            ]
            context["tone"] = ROUND_TONES[obj.state].value
        return super().render_change_form(request, context, add, change, form_url, obj)


_STATE_WORDS = dict(RoundState.choices)
_STEP_TONES = {"approve": Tone.GREEN, "reject": Tone.RED}


@admin.register(RoundYear)
class RoundYearAdmin(ViewOnlyAdmin):
    """The years of a round: what is behind its figures."""

    list_display = (
        "person",
        "year",
        "claims",
        tag_column("outcome", _("Outcome"), OUTCOME_TONES),
        money_column("correction__pays", _("To be paid")),
        money_column("correction__recovers", _("To be paid back")),
        "correction",
        "detail",
    )
    list_display_links = None
    list_filter = ("outcome",)
    list_select_related = ("person", "correction", "round")
    sortable_by = ()
    ordering = ("-id",)
    empty_list_hint = _("Years come with the rounds of corrections.")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Rounds link here with their filter."""
        return lookup == "round__id__exact" or super().lookup_allowed(lookup, value, request)
