"""The pages on which inspectors write down a visit and its findings."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.forms import BaseFormSet, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from enrollment.access.models import User
from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.transitions.table import TransitionRefused
from supervision.inspections.admin_forms import (
    DoneForm,
    FindingForm,
    VisitForm,
    finding_formset,
    finding_initial,
)
from supervision.inspections.models import Finding, Visit, VisitState
from supervision.inspections.services import (
    complete_visit,
    correct_finding,
    log_visit,
    record_finding,
)

EMPTY_ROWS = 1
Findings = BaseFormSet[FindingForm]


class RecordVisitView(View):
    """A new visit with its findings, or one that is planned."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form of today."""
        person = staff_of(request)
        initial: dict[str, Any] = {"visited_on": timezone.localdate()}
        if person.certificate_no:
            initial["inspector"] = person.pk
        return _show(request, VisitForm(initial=initial, actor=person), _rows([]))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it, or show what is wrong with everything that was typed."""
        form = VisitForm(request.POST, actor=staff_of(request))
        valid = form.is_valid()
        if "more" in request.POST:
            return _show(request, form, _rows([], data=_one_more(request)))
        rows = _rows([], data=request.POST, visited_on=form.cleaned_data.get("visited_on"))
        if valid and _no_findings_on_plan(form, rows) and rows.is_valid():
            data = form.cleaned_data
            try:
                with transaction.atomic():
                    visit = log_visit(
                        institution=data["institution"],
                        visited_on=data["visited_on"],
                        source=data["source"],
                        inspectors=(data["inspector"], data["second_inspector"]),
                        place=data["place"],
                        charts_sampled=data["charts_sampled"] or 0,
                        notes=data["notes"],
                        planned=data["planned"],
                        actor=staff_of(request),
                        at=timezone.now(),
                    )
                    count = _save(visit, rows, {}, staff_of(request))
            except TransitionRefused as refused:
                form.add_error(None, str(refused))
            else:
                return _done(request, visit, count)
        return _show(request, form, rows)


class VisitFindingsView(View):
    """Findings of a recorded visit: add some, correct those that are still open."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The open findings and an empty row."""
        visit = _visit(request, pk)
        return _show(request, _done_form(visit), _rows(_open(visit)), visit=visit)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save what was changed, or show what is wrong."""
        visit = _visit(request, pk)
        found = _open(visit)
        form = _done_form(visit, request.POST)
        valid = form is None or form.is_valid()
        if "more" in request.POST:
            rows = _rows(found, data=_one_more(request))
            return _show(request, form, rows, visit=visit)
        day = form.cleaned_data.get("visited_on") if form else visit.visited_on
        rows = _rows(found, data=request.POST, visited_on=day)
        if valid and rows.is_valid():
            try:
                with transaction.atomic():
                    if form is not None:
                        visit = complete_visit(
                            visit,
                            visited_on=form.cleaned_data["visited_on"],
                            charts_sampled=form.cleaned_data["charts_sampled"],
                            notes=form.cleaned_data["notes"],
                            actor=staff_of(request),
                            at=timezone.now(),
                        )
                    by_id = {finding.pk: finding for finding in found}
                    count = _save(visit, rows, by_id, staff_of(request))
            except TransitionRefused as refused:
                messages.error(request, str(refused))
            else:
                return _done(request, visit, count)
        return _show(request, form, rows, visit=visit)


def _visit(request: HttpRequest, pk: int) -> Visit:
    """The visit, if the user may see it."""
    visits = visible_to(Visit.objects.select_related("institution"), request.user)
    return get_object_or_404(visits, pk=pk)


def _open(visit: Visit) -> list[Finding]:
    """The findings that can still be corrected, oldest first."""
    return list(visit.findings.filter(case=None, recovery=None).order_by("pk"))


def _done_form(visit: Visit, data: Any = None) -> DoneForm | None:
    """What a planned visit still needs; None for one that is recorded."""
    if visit.state != VisitState.PLANNED:
        return None
    initial = {"visited_on": visit.visited_on, "notes": visit.notes}
    return DoneForm(data, initial=initial)


def _rows(found: Sequence[Finding], *, data: Any = None, visited_on: Any = None) -> Findings:
    """The rows: recorded findings first, then empty ones."""
    formset = finding_formset(EMPTY_ROWS)
    rows: Findings = formset(
        data,
        prefix="findings",
        initial=[finding_initial(finding) for finding in found],
        form_kwargs={"visited_on": visited_on},
    )
    return rows


def _one_more(request: HttpRequest) -> Any:
    """What was typed, with another empty row."""
    data = request.POST.copy()
    total = data.get("findings-TOTAL_FORMS", "0")
    data["findings-TOTAL_FORMS"] = str(int(total) + 1) if total.isdigit() else "1"
    return data


def _no_findings_on_plan(form: VisitForm, rows: Findings) -> bool:
    """A visit that has not taken place has found nothing."""
    if form.cleaned_data.get("planned") and any(row.has_changed() for row in rows):
        form.add_error(
            "planned",
            _("A planned visit has no findings yet. Remove the tick, or empty the rows below."),
        )
        return False
    return True


def _save(visit: Visit, rows: Findings, found: dict[int, Finding], actor: User) -> int:
    """Record new rows and correct changed ones; the number of both."""
    changed = [row for row in rows if row.has_changed()]
    for row in changed:
        finding = found.get(row.cleaned_data.get("finding_id") or 0)
        if finding is None:
            record_finding(visit, row.facts(), actor=actor, at=timezone.now())
        else:
            correct_finding(finding, row.facts(), actor=actor, at=timezone.now())
    return len(changed)


def _done(request: HttpRequest, visit: Visit, count: int) -> HttpResponse:
    """Say what was saved and show the visit."""
    text = ngettext(
        "The visit was saved, with %(count)d finding.",
        "The visit was saved, with %(count)d findings.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect(reverse("admin:supervision_visit_change", args=[visit.pk]))


def _show(
    request: HttpRequest, form: Form | None, rows: Findings, *, visit: Visit | None = None
) -> HttpResponse:
    """The page."""
    back = reverse("admin:supervision_visit_changelist")
    crumbs = [(back, _("Inspection visits"))]
    if visit is not None:
        back = reverse("admin:supervision_visit_change", args=[visit.pk])
        crumbs.append((back, str(visit)))
    title = _("Findings of the visit") if visit else _("Record a visit")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "crumbs": crumbs,
        "form": form,
        "rows": rows,
        "visit": visit,
        "back_url": back,
    }
    return render(request, "supervision/visit_form.html", context)
