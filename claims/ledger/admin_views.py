"""The trial balance, and the proof of the books at the push of a button."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from claims.ledger.checks import verify
from claims.ledger.selectors import trial_balance


def balance(request: HttpRequest) -> HttpResponse:
    """Every book with its accounts; on POST also the outcome of every check."""
    findings = list(verify()) if request.method == "POST" else []
    return render(
        request,
        "ledger/balance.html",
        {
            **admin.site.each_context(request),
            "title": _("Trial balance"),
            "books": trial_balance(),
            "findings": findings,
            "all_hold": all(finding.ok for finding in findings),
        },
    )
