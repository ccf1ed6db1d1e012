"""The slip of a filing (备案回执), its print view and its PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.outofarea.models import AreaFiling
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.printing.documents import Document
from enrollment.printing.views import paper_page, paper_pdf
from enrollment.printing.words import long_day

KIND = "area_filing_slip"


def slip_of(filing: AreaFiling) -> Document:
    """The slip in the reader's language; withdrawn, it is issued anew and says so."""
    filed_on = timezone.localdate(filing.filed_at)
    last = filing.ends_on.isoformat() if filing.ends_on else _("until withdrawn")
    return Document(
        kind=KIND,
        number=filing.number,
        title=_("Filing slip for care outside the area"),
        template="outofarea/slip.html",
        context={"filing": filing, "last": last, "decided_on": long_day(filed_on)},
        summary=(
            (_("Resident"), filing.person.name),
            (_("Kind of filing"), filing.get_kind_display()),
            (_("Place of treatment"), filing.place),
            (_("Valid from"), filing.starts_on.isoformat()),
            (_("Valid to"), last),
        ),
    )


@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    return paper_page(request, slip_of(_filing(request, pk)), **_urls(pk))


@require_GET
def slip_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    return paper_pdf(request, slip_of(_filing(request, pk)), **_urls(pk))


def _filing(request: HttpRequest, pk: int) -> AreaFiling:
    rows = AreaFiling.objects.select_related("person__division", "institution", "referred_by")
    filing = get_object_or_404(visible_to(rows, request.user), pk=pk)
    log_readings(request, filing)
    return filing


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_areafiling_change", args=[pk]),
        "pdf_url": reverse("admin:claims_areafiling_slip_pdf", args=[pk]),
    }
