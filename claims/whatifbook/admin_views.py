"""Asking for a run, its progress, starting it again, its workbook, one resident's year."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.policies.language import reader_language
from claims.policies.models import PolicyProposal, ProposalState
from claims.policies.selectors import scheme_name
from claims.whatif import services
from claims.whatif.facts import settled_years
from claims.whatif.figures import figures_of
from claims.whatif.models import WhatIfRun
from claims.whatif.selectors import run_progress
from claims.whatifbook.resident import resident_sides, sum_of
from claims.whatifbook.words import held_words, signed
from claims.whatifbook.workbook import write_workbook
from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_reading
from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Label
from enrollment.exports.models import Export
from enrollment.exports.services import log_sent
from enrollment.models import Person
from enrollment.sheets.blank import workbook_response
from enrollment.values.money import format_yuan


class YearForm(forms.Form):
    """On which year's claims."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("Benefit year"),
        coerce=int,
        help_text=gettext_lazy("Years with settled claims; the last whole one tells most."),
    )

    whole_year = forms.BooleanField(
        label=gettext_lazy("As if the new values had held the whole year"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "A draft for a year to come, run on one that is known. Off: each new value from its "
            "own day."
        ),
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        """Offer the years; last year first in mind."""
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        if not isinstance(field, forms.TypedChoiceField):
            raise TypeError("the year is a choice")
        field.choices = [(year, f"{year}") for year in years]
        last = timezone.localdate().year - 1
        field.initial = last if last in years else next(iter(years), None)


class AskView(ActionView):
    """Run a draft on a year's claims."""

    queryset = PolicyProposal.objects.select_related("proposed_by")
    form_class = YearForm
    title = gettext_lazy("What if this policy had held?")
    submit_label = gettext_lazy("Run it")
    explanation = gettext_lazy(
        "The settled claims of the year are calculated twice, by the approved policy and by this "
        "draft, and compared. Nothing is settled or paid by it. A worker does it; the page may "
        "be left."
    )
    _made: WhatIfRun | None = None

    def get_facts(self, obj: PolicyProposal) -> Sequence[Fact]:
        """Which draft."""
        return [
            Fact(gettext_lazy("Subject"), obj.title),
            Fact(gettext_lazy("Benefit scheme"), scheme_name(obj.scheme, reader_language())),
            Fact(gettext_lazy("New rows"), f"{obj.rows.count()}"),
        ]

    def get_refusal(self, obj: PolicyProposal) -> Label:
        """What was refused is not run; without settled claims there is nothing to run on."""
        if obj.state not in {ProposalState.PROPOSED, ProposalState.APPROVED}:
            return gettext_lazy(
                "The proposal was rejected or withdrawn: propose the change again first."
            )
        if not settled_years():
            return gettext_lazy("No claim is settled yet: there is nothing to run the draft on.")
        return ""

    def get_form_kwargs(self, obj: PolicyProposal) -> dict[str, Any]:
        """With the years."""
        return {**super().get_form_kwargs(obj), "years": settled_years()}

    def perform(self, obj: PolicyProposal, data: dict[str, Any]) -> str:
        """Hand it to a worker."""
        self._made = services.ask_what_if(
            obj,
            data["year"],
            actor=self.actor,
            at=timezone.now(),
            whole_year=data["whole_year"],
        )
        return _("The run was handed to a worker. You may leave this page.")

    def get_back_url(self, obj: PolicyProposal) -> str:
        """The proposal; the run once there is one."""
        if self._made is not None:
            return reverse("admin:claims_whatifrun_change", args=[self._made.pk])
        return reverse("admin:claims_policyproposal_change", args=[obj.pk])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """On to the run."""
        response = super().post(request, **kwargs)
        if self._made is not None:
            return redirect("admin:claims_whatifrun_change", self._made.pk)
        return response


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the run is, asked for again and again by its page.

    The page says in which state it shows the run; it is loaded anew when that has changed.
    """
    run = _run(request, pk)
    response = render(
        request, "whatif/progress.html", {"progress": run_progress(run, timezone.now())}
    )
    if not run.is_open or request.GET.get("state", run.state) != run.state:
        response["HX-Refresh"] = "true"
    return response


class StartAgainView(ActionView):
    """Give an interrupted run to a worker once more."""

    queryset = WhatIfRun.objects.select_related("proposal").defer("result")
    title = gettext_lazy("Start the run again")
    submit_label = gettext_lazy("Start again")
    explanation = gettext_lazy(
        "An interrupted run has kept nothing: it begins again with the first claim."
    )

    def get_facts(self, obj: WhatIfRun) -> Sequence[Fact]:
        """Draft, year, when it was begun."""
        return [
            Fact(gettext_lazy("Proposal"), obj.proposal.title),
            Fact(gettext_lazy("Benefit year"), f"{obj.year}"),
            Fact(gettext_lazy("Times started"), f"{obj.starts}"),
        ]

    def get_refusal(self, obj: WhatIfRun) -> Label:
        """Only what nobody works on."""
        return "" if obj.is_open else gettext_lazy("This run has ended: ask for another one.")

    def get_back_url(self, obj: WhatIfRun) -> str:
        """Its page."""
        return reverse("admin:claims_whatifrun_change", args=[obj.pk])

    def perform(self, obj: WhatIfRun, data: dict[str, Any]) -> str:
        """Send it."""
        services.start_again(obj, actor=self.actor)
        return _("The run was given to a worker again.")


def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The result as a workbook; that it left the portal stays in the log of exports."""
    run = _run(request, pk)
    if run.state != WhatIfRun.State.DONE:
        raise Http404(_("The run has no result yet."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.xlsx"
        rows = write_workbook(run, _facts(run), path)
        content = path.read_bytes()
    log_sent(
        WhatIfRun._meta.label_lower,
        kind=Export.Format.XLSX,
        filters=f"{run} · {run.year} · {run.proposal.title}",
        rows=rows,
        actor=staff_of(request),
        at=timezone.now(),
    )
    name = _("what-if-%(run)s-%(year)s.xlsx") % {"run": run, "year": run.year}
    return workbook_response(content, name)


def resident(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """One resident's year under both policies, with the steps; the reading is logged."""
    if not request.user.has_perm("enrollment.view_person"):
        raise PermissionDenied
    run = _run(request, pk)
    found = get_object_or_404(visible_to(Person.objects.all(), request.user), pk=person)
    if run.state != WhatIfRun.State.DONE:
        raise Http404(_("The run has no result yet."))
    sides = resident_sides(run, found.pk)
    if not sides:
        raise Http404(_("The resident has no settled claim of that year."))
    log_reading(request, found.pk)
    back = reverse("admin:claims_whatifrun_change", args=[run.pk])
    context = {
        **admin.site.each_context(request),
        "title": _("What if, %(year)s: %(name)s") % {"year": run.year, "name": found.name},
        "crumbs": [(back, _("What-if run %(run)s") % {"run": run})],
        "run": run,
        "person": found,
        "sides": sides,
        "sum": sum_of(sides),
    }
    return render(request, "whatif/resident.html", context)


def _run(request: HttpRequest, pk: int) -> WhatIfRun:
    runs = visible_to(WhatIfRun.objects.select_related("proposal"), request.user)
    return get_object_or_404(runs, pk=pk)


def _facts(run: WhatIfRun) -> list[tuple[str, str]]:
    """What was compared, and the figures that the tables add up to."""
    figures = figures_of(run)
    return [
        (_("What-if run"), str(run)),
        (_("Draft"), run.proposal.title),
        (_("Benefit year"), f"{run.year}"),
        (_("New values"), held_words(run)),
        (
            _("Approved policy"),
            _("%(scheme)s, version %(version)s")
            % {
                "scheme": scheme_name(run.base_scheme, reader_language()),
                "version": run.base_version,
            },
        ),
        (_("Finished"), f"{timezone.localtime(run.finished_at):%Y-%m-%d %H:%M}"),
        (_("Claims"), f"{figures.whole.claims:,}"),
        (_("Residents"), f"{figures.people.persons:,}"),
        (_("Approved"), format_yuan(figures.whole.base)),
        (_("Draft"), format_yuan(figures.whole.draft)),
        (_("Difference"), signed(figures.whole.difference)),
        (_("Really paid, corrections included"), format_yuan(figures.settled)),
        (_("Claims left out"), f"{figures.left_out.claims:,}"),
    ]
