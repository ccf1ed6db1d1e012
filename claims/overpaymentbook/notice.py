"""The notice that asks a payee to pay back (退回待遇通知书), as a page to print and as a PDF."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.corrections.models import Correction, Revision
from claims.overpayments.models import Overpayment
from claims.overpayments.selectors import account_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.bureau.selectors import (
    competent_court,
    current_bureau,
    reviewing_government,
)
from enrollment.parameters.selectors import Code, parameter_on
from enrollment.printing.documents import Document
from enrollment.printing.views import paper_page, paper_pdf
from enrollment.printing.words import long_day
from enrollment.values.capitals import in_capitals
from enrollment.values.money import ZERO, format_yuan

KIND = "overpayment_notice"


def notice_of(overpayment: Overpayment) -> Document:
    """The notice in the reader's language: what was paid too much, why, and what is agreed.

    It names what the payee owes of the same correction, by layer and payer, and shows nothing
    that changes by itself: a new plan or a receipt makes the next version.
    """
    correction = overpayment.correction
    owed = list(
        Overpayment.objects.filter(
            correction=correction,
            person=overpayment.person_id,
            institution=overpayment.institution_id,
        ).order_by("pk")
    )
    accounts = [account_of(one, overpayment.opened_on) for one in owed]
    total = sum((one.amount for one in owed), ZERO)
    still_open = sum((one.still_open for one in accounts), ZERO)
    day = overpayment.opened_on
    number, bureau = _number(overpayment), current_bureau()
    return Document(
        kind=KIND,
        number=number,
        title=_("Notice to pay back benefits"),
        template="overpayments/notice.html",
        context={
            "overpayment": overpayment,
            "correction": correction,
            "accounts": accounts,
            "changes": _changes(correction, overpayment),
            "number": number,
            "total": total,
            "back": total - still_open,
            "still_open": still_open,
            "open_in_capitals": in_capitals(still_open) if still_open else "",
            "government": reviewing_government(bureau),
            "court": competent_court(bureau),
            "decided_on": long_day(day),
            "review_days": _whole(parameter_on(Code.REVIEW_TERM, day)),
            "lawsuit_months": _whole(parameter_on(Code.LAWSUIT_TERM, day)),
        },
        summary=(
            (_("Payee"), str(overpayment.person or overpayment.institution)),
            (_("To be paid back"), format_yuan(total)),
            (_("Still to be paid back"), format_yuan(still_open)),
        ),
    )


def _number(overpayment: Overpayment) -> str:
    """The correction's number; an institution's notice has its code added."""
    place = overpayment.institution
    return f"{overpayment.correction}" + (f"-{place.code}" if place is not None else "")


def _changes(correction: Correction, overpayment: Overpayment) -> list[tuple[Revision, Decimal]]:
    """The payee's claims that pay less after the correction, each with how much less in yuan."""
    revisions = correction.revisions.select_related("settled__claim__institution").order_by("pk")
    if overpayment.institution_id is None:
        mine = revisions.filter(settled__source="window")
    else:
        mine = revisions.filter(
            settled__source="upload", settled__institution=overpayment.institution_id
        )
    return [(one, one.paid_before - one.paid) for one in mine if one.paid < one.paid_before]


def _whole(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, laid out for A4."""
    return paper_page(request, notice_of(_visible(request, pk)), **_urls(pk))


@require_GET
def notice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    return paper_pdf(request, notice_of(_visible(request, pk)), **_urls(pk))


def _visible(request: HttpRequest, pk: int) -> Overpayment:
    overpayments = Overpayment.objects.select_related("person", "institution", "correction")
    found: Overpayment = get_object_or_404(visible_to(overpayments, request.user), pk=pk)
    log_readings(request, found)
    return found


def _urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:claims_overpayment_change", args=[pk]),
        "pdf_url": reverse("admin:claims_overpayment_notice_pdf", args=[pk]),
    }
