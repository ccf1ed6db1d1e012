"""The papers of supervision as pages to print and as PDFs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enrollment.access.scope import visible_to
from enrollment.printing.documents import Document
from enrollment.printing.views import paper_page, paper_pdf
from supervision.cases.models import Case
from supervision.decisions.document import agreement_decision, penalty_decision
from supervision.decisions.inspection_record import record_of
from supervision.inspections.models import Visit
from supervision.penalties.models import Recovery

Printer = Callable[..., HttpResponse]


@require_GET
def decision(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The decision of a case."""
    case = get_object_or_404(
        visible_to(
            Case.objects.select_related("institution__division", "officer", "second_officer"),
            request.user,
        ),
        pk=pk,
    )
    if case.decided_on is None:
        messages.warning(request, _("The case is not decided: there is no decision to print."))
        return redirect("admin:supervision_case_change", pk)
    return _print(request, penalty_decision(case), "case", pk, "decision", form)


@require_GET
def agreement(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The decision to recover under the agreement; a penalty's recovery leads to its case."""
    recovery = get_object_or_404(
        visible_to(
            Recovery.objects.select_related("institution__division", "decided_by"), request.user
        ),
        pk=pk,
    )
    if recovery.case_id is not None:
        return redirect("admin:supervision_case_decision", recovery.case_id, "page")
    return _print(request, agreement_decision(recovery), "recovery", pk, "decision", form)


@require_GET
def inspection(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The record of a visit."""
    visit = get_object_or_404(
        visible_to(
            Visit.objects.select_related("institution__division", "inspector", "second_inspector"),
            request.user,
        ),
        pk=pk,
    )
    return _print(request, record_of(visit), "visit", pk, "paper", form)


def _print(request: HttpRequest, document: Document, *place: Any) -> HttpResponse:
    model, pk, name, form = place
    show: Printer = paper_pdf if form == "pdf" else paper_page
    return show(
        request,
        document,
        back_url=reverse(f"admin:supervision_{model}_change", args=[pk]),
        pdf_url=reverse(f"admin:supervision_{model}_{name}", args=[pk, "pdf"]),
    )
