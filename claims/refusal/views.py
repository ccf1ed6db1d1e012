"""The decision as a page to print and as a PDF."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.intake.models import Claim
from claims.refusal.document import decision_of, rejection_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_reading
from enrollment.printing.documents import Document
from enrollment.printing.views import paper_page, paper_pdf


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    document = _document(request, pk)
    if document is None:
        return _not_rejected(request, pk)
    return paper_page(request, document, **_urls(pk))


@require_GET
def decision_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    document = _document(request, pk)
    if document is None:
        return _not_rejected(request, pk)
    return paper_pdf(request, document, **_urls(pk))


def _document(request: HttpRequest, pk: int) -> Document | None:
    """The decision on a window claim; None when it is not rejected.

    An uploaded claim asks for the institution's money: a resident gets no decision about it.
    """
    claims = visible_to(
        Claim.objects.select_related("person__division", "institution"), request.user
    )
    claim = get_object_or_404(claims, pk=pk, source=Claim.Source.WINDOW)
    log_reading(request, claim.person_id)
    rejection = rejection_of(claim)
    return decision_of(claim, rejection) if rejection is not None else None


def _not_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("The claim is not rejected: there is no decision not to pay."))
    return redirect("admin:claims_claim_change", pk)


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_claim_change", args=[pk]),
        "pdf_url": reverse("admin:claims_claim_refusal_pdf", args=[pk]),
    }
