"""Saving and discarding a draft from the window."""

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.drafts.services import DraftMoved, drop_draft, save_draft
from claims.intake.models import Claim
from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.models import Person

CONFLICT = 409
_MARK = re.compile(r"[0-9a-f]{12}\.[0-9]{1,6}")


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the form as it stands; answers with the time and the draft's mark.

    409 when somebody else logged in, or (`moved`) when another page has saved or ended the draft.
    """
    clerk = staff_of(request)
    if request.POST.get("clerk") != str(clerk.pk):
        return JsonResponse({"text": _("Somebody else is logged in now.")}, status=CONFLICT)
    person, claim = _whose(request)
    facts = {**request.POST.dict(), "papers": request.POST.getlist("papers")}
    mark, seen = (_mark(request, name) for name in ("mark", "draft_mark"))
    try:
        draft = save_draft(
            clerk, person, facts, at=timezone.now(), claim=claim, mark=mark, seen=seen
        )
    except DraftMoved as moved:
        return JsonResponse(_moved(moved), status=CONFLICT)
    if draft is None:
        return JsonResponse({"text": "", "mark": ""})
    said = _("Saved as a draft at %(time)s") % {"time": _clock(draft.saved_at)}
    return JsonResponse({"text": said, "mark": draft.mark})


def _moved(moved: DraftMoved) -> dict[str, str | bool]:
    """What the page shows to choose from."""
    if moved.stored is None:
        text = _("This draft was submitted or discarded in another window.")
        return {"moved": True, "text": text, "mark": ""}
    text = _("Another window saved other entries at %(time)s.")
    at = {"time": _clock(moved.stored.saved_at)}
    return {"moved": True, "text": text % at, "mark": moved.stored.mark, "newer": True}


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"


def _mark(request: HttpRequest, name: str) -> str:
    """A mark from the form; nothing for anything that is none."""
    text = request.POST.get(name, "")
    return text if _MARK.fullmatch(text) else ""


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Forget the draft and begin anew."""
    person, claim = _whose(request)
    drop_draft(staff_of(request), person, claim)
    if claim is not None:
        return redirect("admin:claims_window_correct", claim.pk)
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
