"""The window's search for residents, and the page of what it found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from enrollment.access.scope import visible_to
from enrollment.residents.selectors import matching_persons
from enrollment.search.kept import keep, recall

FOUND = 12


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Residents by number, last four or name: a list for htmx, else on to the only one.

    By POST, so that identity numbers do not stand in addresses and logs. The page of several has
    an address of its own, so that going back to it or changing the language sends nothing again.
    """
    window = reverse("admin:claims_window")
    if request.method != "POST":
        return redirect(window)
    shown = _search(request, request.POST.get("q", "")[:60].replace("\0", ""))
    if request.headers.get("HX-Request"):
        return render(request, "claims/window_found.html", shown)
    found = shown["found"]
    if len(found) == 1:
        return redirect(f"{window}?person={found[0].pk}")
    return redirect(f"{window}?found={keep(request.session, shown['query'])}")


def kept_search(request: HttpRequest) -> dict[str, Any]:
    """`search` for the window's page: what the address's search finds now; else nothing."""
    query = recall(request.session, request.GET.get("found", ""))
    return {} if query is None else {"search": _search(request, query)}


def _search(request: HttpRequest, query: str) -> dict[str, Any]:
    persons = visible_to(matching_persons(query), request.user)
    found = list(persons.select_related("division", "household")[: FOUND + 1])
    return {
        "query": query,
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "searched": bool(query.strip()),
    }
