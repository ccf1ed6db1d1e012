"""The certificate as a paper, its print view and its PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.certificates.models import SpecialCertificate
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.printing.documents import Document
from enrollment.printing.views import paper_page, paper_pdf
from enrollment.printing.words import long_day

KIND = "special_certificate"


def certificate_document(certificate: SpecialCertificate) -> Document:
    """The certificate in the reader's language; revoked, it is issued anew and says so."""
    issued_on = timezone.localdate(certificate.issued_at)
    last = certificate.ends_on.isoformat() if certificate.ends_on else _("without an end")
    return Document(
        kind=KIND,
        number=certificate.number,
        title=_("Special disease certificate"),
        template="specialcare/certificate_paper.html",
        context={"certificate": certificate, "last": last, "decided_on": long_day(issued_on)},
        summary=(
            (_("Resident"), certificate.person.name),
            (_("Special disease"), f"{certificate.disease.code} {certificate.disease.name}"),
            (_("Valid from"), certificate.starts_on.isoformat()),
            (_("Valid to"), last),
        ),
    )


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    return paper_page(request, certificate_document(_certificate(request, pk)), **_urls(pk))


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    return paper_pdf(request, certificate_document(_certificate(request, pk)), **_urls(pk))


def _certificate(request: HttpRequest, pk: int) -> SpecialCertificate:
    rows = SpecialCertificate.objects.select_related("person__division", "disease", "institution")
    certificate = get_object_or_404(visible_to(rows, request.user), pk=pk)
    log_readings(request, certificate)
    return certificate


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_specialcertificate_change", args=[pk]),
        "pdf_url": reverse("admin:claims_certificate_pdf", args=[pk]),
    }
