"""The sheet as a page to print and as a PDF."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.batch_sheet.document import PRINTABLE, sheet_of
from claims.payments.models import PaymentBatch
from enrollment.printing.views import paper_page, paper_pdf


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    batch = get_object_or_404(PaymentBatch, pk=pk)
    if batch.state not in PRINTABLE:
        return _not_approved(request, pk)
    return paper_page(request, sheet_of(batch), **_urls(pk))


@require_GET
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    batch = get_object_or_404(PaymentBatch, pk=pk)
    if batch.state not in PRINTABLE:
        return _not_approved(request, pk)
    return paper_pdf(request, sheet_of(batch), **_urls(pk))


def _not_approved(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("The batch is not approved: its sheet is printed after the approval.")
    messages.warning(request, text)
    return redirect("admin:claims_paymentbatch_change", pk)


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_paymentbatch_change", args=[pk]),
        "pdf_url": reverse("admin:claims_paymentbatch_sheet_pdf", args=[pk]),
    }
