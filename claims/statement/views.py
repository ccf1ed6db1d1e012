"""The statement as a page to print and as a PDF."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.intake.models import Claim, ClaimState
from claims.intake.quote import settled_quote
from claims.statement.pdf import PrintingUnavailable, as_pdf
from enrollment.access.scope import visible_to
from enrollment.bureau.selectors import current_bureau


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    claim = _settled(request, pk)
    if claim is None:
        return _not_settled(request, pk)
    return HttpResponse(_html(request, claim, {"screen": True}))


@require_GET
def statement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF; where it cannot be made, the page says so."""
    claim = _settled(request, pk)
    if claim is None:
        return _not_settled(request, pk)
    try:
        pdf = as_pdf(_html(request, claim, {}))
    except PrintingUnavailable:
        failed = _("Printing as PDF needs Pango on this machine; print this page instead.")
        return HttpResponse(_html(request, claim, {"screen": True, "failed": failed}))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{claim.number}.pdf"'
    return answer


def _settled(request: HttpRequest, pk: int) -> Claim | None:
    claims = Claim.objects.select_related("person__division", "institution", "settled__run")
    claim = get_object_or_404(visible_to(claims, request.user), pk=pk)
    return claim if claim.state == ClaimState.SETTLED else None


def _not_settled(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("The claim is not settled yet: the statement follows the settlement.")
    messages.warning(request, text)
    return redirect("admin:claims_claim_change", pk)


def _html(request: HttpRequest, claim: Claim, more: dict[str, Any]) -> str:
    paid = claim.orders.filter(state="paid").order_by("id").last()
    context = {
        "claim": claim,
        "quote": settled_quote(claim),
        "bureau": current_bureau(),
        "paid_on": paid.paid_on if paid else None,
        **more,
    }
    return render_to_string("claims/statement.html", context, request)
