"""Saving and discarding a draft from the window."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.drafts.services import drop_draft, save_draft
from claims.intake.models import Claim, ClaimState
from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.models import Person

CONFLICT = 409


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the form as it stands; answers with the time, or 409 when somebody else logged in."""
    clerk = staff_of(request)
    if request.POST.get("clerk") != str(clerk.pk):
        return JsonResponse({"text": _("Somebody else is logged in now.")}, status=CONFLICT)
    person, claim = _whose(request)
    facts = {**request.POST.dict(), "papers": request.POST.getlist("papers")}
    draft = save_draft(clerk, person, facts, at=timezone.now(), claim=claim)
    if draft is None:
        return JsonResponse({"text": ""})
    at = timezone.localtime(draft.saved_at)
    return JsonResponse({"text": _("Saved as a draft at %(time)s") % {"time": f"{at:%H:%M:%S}"}})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Forget the draft and begin anew."""
    person, claim = _whose(request)
    drop_draft(staff_of(request), person, claim)
    if claim is not None and claim.state == ClaimState.RETURNED:
        return redirect("admin:claims_window_correct", claim.pk)
    if claim is not None:
        messages.success(request, _("Your version is discarded; the claim stays as it stands."))
        return redirect("admin:claims_claim_change", claim.pk)
    return redirect("admin:claims_window")


def _whose(request: HttpRequest) -> tuple[Person, Claim | None]:
    """The resident, and the returned claim where one is being corrected; 404 for unknown ones."""
    if request.POST.get("claim"):
        claims = visible_to(Claim.objects.select_related("person"), request.user)
        claim = get_object_or_404(claims, pk=_key(request, "claim"))
        return claim.person, claim
    persons = visible_to(Person.objects.all(), request.user)
    return get_object_or_404(persons, pk=_key(request, "person")), None


def _key(request: HttpRequest, name: str) -> int:
    """A key from the form; 0, nobody's, for anything that is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
