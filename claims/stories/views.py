"""What opens behind a figure: the movements of a counter, the breakdown of a claim."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.models import WITH_RESULT, Claim
from claims.intake.quote import settled_quote
from claims.stories.counters import counter_name, counters_of, movements_of
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.desk.tags import Label
from enrollment.models import Person
from enrollment.values.money import ZERO

MOVEMENTS_SHOWN = 500
# A printed page has the calculations of the newest claims only: some twenty sheets.
PRINTED = 50


def movements(request: HttpRequest, pk: int, year: int, code: str) -> HttpResponse:
    """The movements that a yearly counter is the sum of; a fragment for htmx, else a page."""
    person = get_object_or_404(visible_to(Person.objects.all(), request.user), pk=pk)
    try:
        layer, label = counter_name(code)
    except KeyError:
        raise Http404(code) from None
    log_readings(request, person)
    context = _moved(person, year, code, layer, label)
    if request.headers.get("HX-Request"):
        return render(request, "claims/story/movements.html", context)
    title = _("%(layer)s %(year)s: %(label)s") % {"layer": layer, "year": year, "label": label}
    crumbs = [(reverse("admin:enrollment_person_change", args=[pk]), person.name)]
    context |= {**admin.site.each_context(request), "title": title, "crumbs": crumbs}
    return render(request, "claims/story/movements_page.html", context)


def _moved(person: Person, year: int, code: str, layer: str, label: Label) -> dict[str, Any]:
    """What moved one counter, and the sum; one statement."""
    rows = list(movements_of(person, year, code)[: MOVEMENTS_SHOWN + 1])
    return {
        "rows": rows[:MOVEMENTS_SHOWN],
        "is_cut": len(rows) > MOVEMENTS_SHOWN,
        "sum": sum((row.amount for row in rows[:MOVEMENTS_SHOWN]), ZERO),
        "year": year,
        "layer": layer,
        "label": label,
    }


def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """All that opens behind a resident's figures at once, for paper, where nothing can be opened.

    Each part names the place of the page that it belongs to; portal.js puts it there. Of the
    claims the newest `PRINTED`: a few statements for each. Without scripts the resident's page.
    """
    if not request.headers.get("HX-Request"):
        return redirect("admin:enrollment_person_change", pk)
    person = get_object_or_404(visible_to(Person.objects.all(), request.user), pk=pk)
    log_readings(request, person)
    settled = visible_to(Claim.objects.filter(person=person, state__in=WITH_RESULT), request.user)
    claims = list(
        settled.select_related("institution").order_by("-discharged_on", "-id")[: PRINTED + 1]
    )
    today = timezone.localdate()
    context = {
        "quotes": [(claim, settled_quote(claim)) for claim in claims[:PRINTED]],
        "counters": [
            (place, _moved(person, today.year, line.code, line.layer, line.label))
            for place, line in enumerate(counters_of(person, today), start=1)
            if line.used
        ],
        "printed": PRINTED if len(claims) > PRINTED else 0,
    }
    return render(request, "claims/story/printed.html", context)


def breakdown(request: HttpRequest, pk: int) -> HttpResponse:
    """How a settled claim was calculated, layer by layer; outside htmx the claim's own page."""
    if not request.headers.get("HX-Request"):
        return redirect("admin:claims_claim_change", pk)
    claims = visible_to(Claim.objects.all(), request.user)
    claim = get_object_or_404(claims, pk=pk, state__in=WITH_RESULT)
    log_readings(request, claim)
    context = {"claim": claim, "quote": settled_quote(claim)}
    return render(request, "claims/story/breakdown.html", context)
