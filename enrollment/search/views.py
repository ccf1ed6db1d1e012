"""The box in the header, and the page of what it found."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enrollment.access.requests import staff_of
from enrollment.search.finders import SHOWN, cleaned, find_everywhere, finders_for, only_hit
from enrollment.search.kept import keep, recall
from enrollment.values.identifiers import IdError, IdFault, mask_id, parse_resident_id

# Identity numbers, old ones too; claim numbers are shorter.
LONG_NUMBER = 15


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Go to the only record found, else to the page of all; by POST alone.

    Identity numbers so stand in no address, no log and no history of a browser.
    """
    term = cleaned(request.POST.get("q", ""))
    if not term:
        messages.info(request, _("Type what you look for into the search box."))
        return redirect("admin:index")
    groups = find_everywhere(term, staff_of(request))
    if (hit := only_hit(groups)) is not None:
        return redirect(hit.url)
    return redirect("admin:portal_search_results", keep(request.session, term))


def results(request: HttpRequest, name: str) -> HttpResponse:
    """Everything found, by kind; one statement per kind."""
    user = staff_of(request)
    term = recall(request.session, name)
    groups = find_everywhere(term, user) if term else []
    context = {
        **admin.site.each_context(request),
        "title": _("Search: %(term)s") % {"term": _shown(term)} if term else _("Search"),
        "is_forgotten": term is None,
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
        "has_more": any(group.has_more for group in groups),
        "shown": SHOWN,
        "kinds": [finder.title for finder in finders_for(user)],
        "has_wrong_digit": bool(term) and not groups and is_miscopied(str(term)),
    }
    status = 404 if term is None else 200
    return render(request, "search/results.html", context, status=status)


def _shown(term: str) -> str:
    """The term as the page repeats it: what is as long as an identity number is masked."""
    number = term.replace(" ", "")
    return mask_id(number) if len(number) >= LONG_NUMBER and number[:-1].isdigit() else term


def is_miscopied(term: str) -> bool:
    """Whether it is as long as an identity number but its date or check digit cannot be right.

    >>> is_miscopied("433127198005170010"), is_miscopied("20261124000001")
    (True, False)
    """
    try:
        parse_resident_id(term)
    except IdError as error:
        return error.fault in {IdFault.CHECK_DIGIT, IdFault.BIRTH_DATE}
    return False
