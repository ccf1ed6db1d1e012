"""The statement as a page to print and as a PDF."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.intake.models import WITH_RESULT, Claim
from claims.statement.document import statement_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_reading
from enrollment.printing.views import paper_page, paper_pdf


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    claim = _settled(request, pk)
    if claim is None:
        return _not_settled(request, pk)
    return paper_page(request, statement_of(claim), **_urls(pk))


@require_GET
def statement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    claim = _settled(request, pk)
    if claim is None:
        return _not_settled(request, pk)
    return paper_pdf(request, statement_of(claim), **_urls(pk))


def _settled(request: HttpRequest, pk: int) -> Claim | None:
    claims = Claim.objects.select_related("person__division", "institution", "settled__run")
    claim = get_object_or_404(visible_to(claims, request.user), pk=pk)
    log_reading(request, claim.person_id)
    return claim if claim.state in WITH_RESULT else None


def _not_settled(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("The claim is not settled yet: the statement follows the settlement.")
    messages.warning(request, text)
    return redirect("admin:claims_claim_change", pk)


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_claim_change", args=[pk]),
        "pdf_url": reverse("admin:claims_claim_statement_pdf", args=[pk]),
    }
