"""The receipt as a page to print and as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from claims.intake.models import Claim
from claims.receipt.document import receipt_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.printing.views import paper_page, paper_pdf


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    return paper_page(request, receipt_of(_claim(request, pk)), **_urls(pk))


@require_GET
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    return paper_pdf(request, receipt_of(_claim(request, pk)), **_urls(pk))


def _claim(request: HttpRequest, pk: int) -> Claim:
    claims = Claim.objects.select_related("person__division", "institution", "entered_by")
    claims = visible_to(claims, request.user)
    claim = get_object_or_404(claims, pk=pk, source=Claim.Source.WINDOW)
    log_readings(request, claim)
    return claim


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_claim_change", args=[pk]),
        "pdf_url": reverse("admin:claims_claim_receipt_pdf", args=[pk]),
    }
