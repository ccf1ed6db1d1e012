"""The print view of a paper, its PDF, and the page that verifies one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.desk.errors import MissingPermission
from enrollment.printing.documents import Document, kind_of
from enrollment.printing.models import IssuedPaper
from enrollment.printing.pdf import PrintingUnavailable
from enrollment.printing.services import (
    Verification,
    issue_paper,
    issued_paper,
    may_issue,
    print_page,
    print_pdf,
    verify_paper,
)


def paper_page(
    request: HttpRequest, document: Document, *, back_url: str, pdf_url: str
) -> HttpResponse:
    """The document's paper as a page to print; issued when one who may issue it first looks.

    Who only reads gets it as it was issued last, or is sent back with a word when it was not.
    """
    paper = _issued(request, document)
    if paper is None:
        return _not_issued(request, back_url)
    html = print_page(paper, actor=staff_of(request), at=timezone.now())
    return _page(request, paper, html, back_url=back_url, pdf_url=pdf_url)


def paper_pdf(
    request: HttpRequest, document: Document, *, back_url: str, pdf_url: str
) -> HttpResponse:
    """The same paper as a PDF; where it cannot be made, the page says so."""
    paper = _issued(request, document)
    if paper is None:
        return _not_issued(request, back_url)
    return _pdf(request, paper, back_url=back_url, pdf_url=pdf_url)


def file_name(paper: IssuedPaper) -> str:
    """A name for the PDF in ASCII: kind, the number's letters and digits, version."""
    number = "".join(mark for mark in paper.number if mark.isascii() and mark.isalnum())
    return f"{paper.kind}-{number or paper.pk}-{paper.version}.pdf"


def _issued(request: HttpRequest, document: Document) -> IssuedPaper | None:
    """The issued paper, for whoever may read papers of its kind; None while there is none."""
    kind, reader = kind_of(document.kind), staff_of(request)
    if not reader.has_perm(kind.permission):
        raise MissingPermission(kind.permission)
    if not may_issue(kind, reader):
        return issued_paper(document.kind, document.number)
    return issue_paper(document, actor=reader, at=timezone.now())


def _not_issued(request: HttpRequest, back_url: str) -> HttpResponse:
    messages.warning(
        request,
        gettext(
            "This paper has not been issued yet. It is issued when those who deal with the record "
            "print it; you read it then."
        ),
    )
    return redirect(back_url)


def _pdf(request: HttpRequest, paper: IssuedPaper, **urls: str) -> HttpResponse:
    actor, at = staff_of(request), timezone.now()
    try:
        content = print_pdf(paper, actor=actor, at=at)
    except PrintingUnavailable:
        failed = gettext("Printing as PDF needs Pango on this machine; print this page instead.")
        html = print_page(paper, actor=actor, at=at)
        return _page(request, paper, html, failed=failed, **urls)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(paper)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page(request: HttpRequest, paper: IssuedPaper, html: str, **more: str) -> HttpResponse:
    context = {"paper": paper, "html": html, "screen": True, **more}
    answer = render(request, "printing/page.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


class VerifyForm(forms.Form):
    """What stands on the paper, typed or scanned."""

    number = forms.CharField(
        label=_("Document number"),
        max_length=80,
        help_text=_("Or scan the QR code into this field: it holds number and check code."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Check code"),
        max_length=40,
        required=False,
        help_text=_("Twelve letters and digits under the QR code, such as 7K2M-9QXA-41TB."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a paper is genuine, and what it said."""
    asked = request.method == "POST"
    form = VerifyForm(request.POST if asked else None)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Verify a paper"),
        "form": form,
    }
    if asked and form.is_valid():
        found = verify_paper(form.cleaned_data["number"], form.cleaned_data["code"])
        context["asked"] = True
        context["found"] = found
        context.update(_shown(request, found))
    return render(request, "printing/verify.html", context)


def _shown(request: HttpRequest, found: Verification) -> dict[str, Any]:
    """What a genuine paper says; the whole of it for those who may read its kind."""
    if found.paper is None or not found.genuine:
        return {}
    kind = kind_of(found.paper.kind)
    return {
        "paper": found.paper,
        "kind": kind,
        "may_read": request.user.has_perm(kind.permission)
        and request.user.has_perm("enrollment.view_issuedpaper"),
    }


@require_GET
def issued(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper from the register, as it was issued."""
    paper = _registered(request, pk)
    html = print_page(paper, actor=staff_of(request), at=timezone.now())
    return _page(request, paper, html, **_register_urls(pk))


@require_GET
def issued_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Its PDF."""
    return _pdf(request, _registered(request, pk), **_register_urls(pk))


def _registered(request: HttpRequest, pk: int) -> IssuedPaper:
    """The paper, for whoever may read the register and papers of its kind."""
    paper = get_object_or_404(visible_to(IssuedPaper.objects.all(), request.user), pk=pk)
    permission = kind_of(paper.kind).permission
    if not request.user.has_perm(permission):
        raise MissingPermission(permission)
    return paper


def _register_urls(pk: int) -> dict[str, str]:
    return {
        "back_url": reverse("admin:enrollment_issuedpaper_change", args=[pk]),
        "pdf_url": reverse("admin:enrollment_issuedpaper_pdf", args=[pk]),
    }
