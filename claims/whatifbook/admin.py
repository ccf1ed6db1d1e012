"""What-if runs as a list and as pages; only the worker writes them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.intake.models import Claim
from claims.policies.language import reader_language
from claims.review.holding import SHORT_REASONS
from claims.whatif.figures import ResidentFigure, figures_of
from claims.whatif.models import WhatIfRun
from claims.whatif.selectors import is_outdated, run_progress
from claims.whatifbook.exhibits import exhibits_of
from claims.whatifbook.words import change_percent, group_label, held_words, signed
from enrollment.access.scope import visible_to
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, tag_column
from enrollment.desk.tags import Tone
from enrollment.models import Person

RUN_TONES: dict[str, Tone] = {
    WhatIfRun.State.WAITING: Tone.BLUE,
    WhatIfRun.State.RUNNING: Tone.BLUE,
    WhatIfRun.State.DONE: Tone.GREEN,
    WhatIfRun.State.FAILED: Tone.RED,
}


@admin.register(WhatIfRun)
class WhatIfRunAdmin(ViewOnlyAdmin):
    """One line per run, newest first; its page shows progress, then the result."""

    bounded_list = True  # a few dozen a year
    list_display = (
        "number",
        "proposal",
        "year",
        tag_column("state", gettext_lazy("State"), RUN_TONES),
        "calculated",
        "asked_by",
        "asked_at",
    )
    list_display_links = ("number", "proposal")
    list_filter = ("state", "year")
    list_select_related = ("proposal", "asked_by")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("year",)
    empty_list_hint = gettext_lazy(
        "A line appears when a draft is run on a year's claims: open the proposal, then “What if”."
    )
    change_form_template = "whatif/run.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[WhatIfRun]:
        """Results are read on a run's own page."""
        runs: QuerySet[WhatIfRun] = super().get_queryset(request)
        return runs.defer("result")

    @admin.display(description=gettext_lazy("What-if run"))
    def number(self, obj: WhatIfRun) -> str:
        """Its number."""
        return str(obj)

    @admin.display(description=gettext_lazy("Claims calculated"))
    def calculated(self, obj: WhatIfRun) -> str:
        """How many so far."""
        return format_html('<span class="num">{} / {}</span>', f"{obj.done:,}", f"{obj.expected:,}")

    def get_record_title(self, obj: WhatIfRun) -> str:
        """Draft and year."""
        return _("What if, %(year)s: %(title)s") % {"year": obj.year, "title": obj.proposal.title}

    def object_actions(self, request: HttpRequest, obj: WhatIfRun) -> Sequence[ObjectAction]:
        """The workbook of a finished run."""
        if obj.state != WhatIfRun.State.DONE:
            return ()
        url = reverse("admin:claims_whatifrun_workbook", args=[obj.pk])
        return [ObjectAction(label=_("Workbook (XLSX)"), url=url, tone=Tone.BLUE)]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Progress while it is open, then figures, charts and tables."""
        if obj is not None:
            context["progress"] = run_progress(obj, timezone.now())
            context["run_tone"] = RUN_TONES[obj.state]
            if obj.state == WhatIfRun.State.DONE:
                context |= _result(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def _result(request: HttpRequest, run: WhatIfRun) -> dict[str, Any]:
    figures = figures_of(run)
    largest = (*figures.gainers, *figures.losers)
    people = visible_to(Person.objects.select_related("division"), request.user).in_bulk(
        [one.person for one in largest]
    )
    first = [claim for claim, *_why in figures.left_out.first]
    claims = visible_to(Claim.objects.all(), request.user).in_bulk(first) if first else {}
    side = {"base": _("approved policy"), "draft": _("draft")}
    return {
        "figures": figures,
        "held": held_words(run),
        "exhibits": exhibits_of(figures),
        "signed_difference": signed(figures.whole.difference),
        "percent": change_percent(figures.whole.base, figures.whole.draft),
        "other_order": signed(figures.other_order),
        "outdated": is_outdated(run),
        "scheme_name": run.proposal.structure["name"][reader_language()],
        "residents": [
            ("gainers", _("Largest gains"), _named(figures.gainers, people)),
            ("losers", _("Largest losses"), _named(figures.losers, people)),
        ],
        "left_out": [
            (side[one], SHORT_REASONS.get(reason, reason), count)
            for one, reason, count in figures.left_out.reasons
        ],
        "left_out_first": [
            (claims[claim], side[one], detail)
            for claim, one, _reason, detail in figures.left_out.first
            if claim in claims
        ],
    }


def _named(
    residents: Sequence[ResidentFigure], people: dict[int, Person]
) -> list[tuple[Person, str, str, ResidentFigure]]:
    return [
        (
            people[one.person],
            group_label("identity", one.identity),
            group_label("age", one.age),
            one,
        )
        for one in residents
        if one.person in people
    ]
