"""A correction that came too late: what somebody typed beside what stands, and what to do."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.drafts.services import drop_draft, find_draft, keep_overtaken, version_of
from claims.intake.models import Claim
from claims.policies.selectors import current_scheme
from claims.window.conflict import conflict_between
from claims.window.forms import form_of
from enrollment.access.models import User
from enrollment.audit.services import log_reading


def overtaken(request: HttpRequest, claim: Claim, actor: User) -> HttpResponse:
    """The page of a claim that is not returned (any more): nothing on it can be corrected.

    With something of the actor's own, typed now or left as a draft, both versions are shown until
    the actor discards it; without, the claim's page says why it is not to be corrected.
    """
    draft = find_draft(actor, claim.person_id, claim)
    typed = request.POST.dict() if request.method == "POST" else draft.facts if draft else None
    if typed is None:
        return _to_the_claim(request, claim)
    form = form_of(claim, data=typed, scheme=current_scheme())
    conflict = conflict_between(claim, form, version_of(typed), {})
    if not conflict.differences:
        drop_draft(actor, claim.person, claim)
        return _to_the_claim(request, claim)
    if request.method == "POST":
        draft = keep_overtaken(actor, claim, typed, at=timezone.now())
    log_reading(request, claim.person_id)
    return render(
        request,
        "claims/window_overtaken.html",
        {
            **admin.site.each_context(request),
            "title": _("Correction of claim %(number)s") % {"number": claim.number},
            "claim": claim,
            "conflict": conflict,
            "draft": draft,
        },
    )


def _to_the_claim(request: HttpRequest, claim: Claim) -> HttpResponse:
    text = _("Claim %(number)s is “%(state)s”: only a returned claim can be corrected.")
    messages.warning(request, text % {"number": claim.number, "state": claim.get_state_display()})
    return redirect("admin:claims_claim_change", claim.pk)
