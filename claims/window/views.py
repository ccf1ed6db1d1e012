"""The window page, its live quote, and the correction of a returned claim."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from claims.drafts.models import WindowDraft
from claims.drafts.services import drafts_of, drop_draft, find_draft, version_of
from claims.intake.deadlines import guessed_years
from claims.intake.drafts import DRAFT_FIELDS, ClaimDraft
from claims.intake.messages import say
from claims.intake.models import Claim, ClaimState
from claims.intake.quote import quote_claim
from claims.intake.rules import STAYS
from claims.intake.selectors import Candidate, findings_for
from claims.intake.services import ClaimStopped, VersionConflict, correct_claim, submit_claim
from claims.papers.checklist import needed_papers, not_to_be_asked
from claims.policies.selectors import current_scheme
from claims.review.tones import STATE_TONES
from claims.window.card import Coverage, card_for
from claims.window.conflict import THEIRS, conflict_between, with_theirs
from claims.window.finding import FOUND, kept_search
from claims.window.forms import ClaimForm, HandedInForm, form_of
from claims.window.overtaken import overtaken
from claims.window.stops import add_all_stops
from enrollment.access.models import User
from enrollment.access.scope import is_limited, visible_to
from enrollment.audit.services import log_reading, log_sitting
from enrollment.models import Person
from enrollment.transitions.table import TransitionRefused
from enrollment.values.days import DayError, parse_day

# Which facts the next claim of the same person and hospital starts with.
KEPT = ("institution", "kind", "detail", "filing", "diagnosis")
# What is only missing so far is no finding while the clerk types.
UNTOLD = ("two_diseases_untold", "maternity_untold")
NOT_YET = ("filing_missing", "admission_missing", "total_not_positive", *UNTOLD)
COVERAGE_GAPS = ("not_enrolled", "outside_coverage")
OPEN = (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.APPROVED, ClaimState.HELD)


def window(request: HttpRequest) -> HttpResponse:
    """The page: find the resident, fill in, submit.

    `?person=` shows a resident's card and the form, `?found=` what a search found, `?done=`
    confirms the claim just submitted, `?like=` starts with the hospital of an earlier claim.
    What the clerk has begun and not submitted stands there again.
    """
    person_id = _resident(request)
    if request.method == "POST":
        return _submit(request, person_id)
    if person_id is None:
        shown = {"drafts": _my_drafts(request), **kept_search(request)}
        return _page(request, person_id=None, form=None, **shown)
    draft = find_draft(_actor(request), person_id)
    if draft is None:
        return _page(request, person_id=person_id, form=_next_form(request.GET, _actor(request)))
    handed_in = _handed_in(draft.person, initial=draft.facts)
    form = ClaimForm(initial=draft.facts, scheme=current_scheme())
    return _page(request, person_id=person_id, form=form, draft=draft, handed_in=handed_in)


@require_POST
def quote(request: HttpRequest) -> HttpResponse:
    """What the claim would pay with what has been typed so far; at most 14 statements."""
    scheme = current_scheme()
    form = ClaimForm(request.POST, scheme=scheme)
    form.is_valid()
    institution = form.cleaned_data.get("institution")
    context: dict[str, Any] = {
        "institution": institution,
        "institution_line": form["institution"].field.prepare_value(institution),
        "outside": institution is not None and not institution.in_county,
        "in_policy": form.in_policy(),
        "unclear": [
            (field.label, error)
            for field in form
            if str(field.data or "").strip()
            for error in field.errors
        ],
    }
    person_id = _resident(request)
    if person_id is not None:
        log_sitting(request, person_id)
    checked = form.draft(without_total=True)
    if checked is not None and person_id is not None:
        claim_id = _number(request.POST.get("claim"))
        context.update(_found(person_id, checked, claim_id, _actor(request)))
        draft = form.draft()
        if draft is not None and not context["untold"] and not context["coverage"].why_not:
            context["quote"] = quote_claim(person_id, draft, scheme)
    return render(request, "claims/window_quote.html", context)


def _found(person_id: int, draft: ClaimDraft, claim_id: int | None, reader: User) -> dict[str, Any]:
    """Coverage, findings and other open claims of the year; four statements."""
    waiting = Q(claims__state__in=OPEN, claims__discharged_on__year=draft.discharged_on.year)
    if claim_id is not None:
        waiting &= ~Q(claims__pk=claim_id)
    person = get_object_or_404(
        Person.objects.only("account_no").annotate(waiting=Count("claims", filter=waiting)),
        pk=person_id,
    )
    candidate = Candidate(person.pk, draft, bool(person.account_no), claim_id)
    (findings,) = findings_for([candidate], today=timezone.localdate())
    gaps = [say(one) for one in findings if one.code in COVERAGE_GAPS]
    return {
        "coverage": Coverage(draft.discharged_on, "".join(gaps)),
        "waiting": getattr(person, "waiting", 0),
        "untold": [say(one) for one in findings if one.code in UNTOLD],
        "findings": [
            (finding.severity.value, say(finding, reader))
            for finding in findings
            if finding.code not in NOT_YET
        ],
    }


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A returned claim on the same page: correct it and submit it again."""
    claims = visible_to(Claim.objects.select_related("institution", "person"), request.user)
    claim = get_object_or_404(claims, pk=pk, source=Claim.Source.WINDOW)
    actor = _actor(request)
    if claim.state != ClaimState.RETURNED:
        return overtaken(request, claim, actor)
    if request.method == "POST":
        return _correct(request, claim, actor)
    draft = find_draft(actor, claim.person_id, claim)
    if draft is not None and version_of(draft.facts) != claim.version:
        form = form_of(claim, data=draft.facts, scheme=current_scheme())
        seen = version_of(draft.facts)
        conflict = conflict_between(claim, form, seen, {})
        form.add_error(None, str(VersionConflict()))
        return _correction_page(request, claim, form, draft=draft, conflict=conflict, seen=seen)
    form = form_of(claim, draft.facts if draft else {}, scheme=current_scheme())
    return _correction_page(request, claim, form, draft=draft)


def _correct(request: HttpRequest, claim: Claim, actor: User) -> HttpResponse:
    """Correct the claim; where somebody else has been faster, show both versions to choose from."""
    chosen = {name: request.POST.get(f"take_{name}", "") for name in DRAFT_FIELDS}
    theirs = [name for name, taken in chosen.items() if taken == THEIRS]
    data = with_theirs(claim, request.POST.dict(), theirs)
    form = form_of(claim, data=data, scheme=current_scheme())
    seen = _number(request.POST.get("seen") or request.POST.get("version"))
    draft = form.draft() if form.is_valid() else None
    if seen is not None and seen != _number(request.POST.get("version")):
        # Both versions have been shown: what both have changed must have been decided.
        conflict = conflict_between(claim, form, seen, chosen)
        undecided = [one.label for one in conflict.differences if not chosen[one.name]]
        if undecided or draft is None:
            if draft is not None:
                separator = pgettext("between listed words", ", ")
                text = _("Choose which version stands: %(fields)s.")
                form.add_error(None, text % {"fields": separator.join(undecided)})
            return _correction_page(request, claim, form, conflict=conflict, seen=seen)
    if draft is None:
        add_all_stops(form, claim.person, reader=_actor(request), claim_id=claim.pk)
        return _correction_page(request, claim, form)
    shown: dict[str, Any] = {}
    try:
        with transaction.atomic():
            correct_claim(
                claim,
                draft,
                actor=actor,
                at=timezone.now(),
                seen_version=_number(request.POST.get("version")),
            )
            drop_draft(actor, claim.person, claim)
    except ClaimStopped as stopped:
        form.add_stops(stopped.stops, [say(stop, _actor(request)) for stop in stopped.stops])
    except TransitionRefused as refused:
        claim.refresh_from_db()
        if claim.state != ClaimState.RETURNED:
            return overtaken(request, claim, actor)
        form.add_error(None, str(refused))
        if isinstance(refused, VersionConflict):
            conflict = conflict_between(claim, form, seen or claim.version, {})
            shown = {"conflict": conflict, "seen": seen}
    else:
        return redirect(f"{reverse('admin:claims_window')}?done={claim.number}")
    return _correction_page(request, claim, form, **shown)


def _correction_page(
    request: HttpRequest, claim: Claim, form: ClaimForm, **shown: Any
) -> HttpResponse:
    """The window's page around a returned claim, with why it came back."""
    returned = claim.transitions.filter(to_state=ClaimState.RETURNED).last()
    context = {"claim": claim, "returned": returned, **shown}
    return _page(request, person_id=claim.person_id, form=form, **context)


def _submit(request: HttpRequest, person_id: int | None) -> HttpResponse:
    """Enter the claim; with errors the page comes back as it was typed."""
    if person_id is None:
        return _page(request, person_id=None, form=None)
    form = ClaimForm(request.POST, scheme=current_scheme())
    person = get_object_or_404(Person, pk=person_id)
    handed_in = _handed_in(person, request.POST)
    draft = form.draft() if form.is_valid() and handed_in.is_valid() else None
    if draft is None:
        add_all_stops(form, person, handed_in, reader=_actor(request))
    else:
        try:
            with transaction.atomic():
                claim = submit_claim(
                    draft,
                    person=person,
                    actor=_actor(request),
                    at=timezone.now(),
                    handed_in=handed_in.cleaned_data["papers"],
                    to_supply=handed_in.cleaned_data["to_supply"],
                )
                drop_draft(_actor(request), person)
        except ClaimStopped as stopped:
            form.add_stops(stopped.stops, [say(stop, _actor(request)) for stop in stopped.stops])
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            url = f"{reverse('admin:claims_window')}?done={claim.number}"
            if "next" in request.POST:
                url += f"&person={person_id}&like={claim.number}"
            return redirect(url)
    return _page(request, person_id=person_id, form=form, handed_in=handed_in)


def _handed_in(
    person: Person, data: QueryDict | None = None, initial: dict[str, Any] | None = None
) -> HandedInForm:
    """The checklist of what this resident is asked for today."""
    needed = needed_papers(person, timezone.localdate())
    return HandedInForm(data, initial=initial, needed=needed)


def _page(request: HttpRequest, **shown: Any) -> HttpResponse:
    """Render the page; the card is for the day of discharge once that is known."""
    person_id, form = shown["person_id"], shown["form"]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Correct a returned claim") if "claim" in shown else _("Window"),
        "today": timezone.localdate(),
        "tones": STATE_TONES,
        **shown,
    }
    if person_id is not None:
        day = _day_of(form) or timezone.localdate()
        try:
            context["card"] = card = card_for(person_id, day)
            log_reading(request, person_id)
            if form is not None and "claim" not in shown:
                context.setdefault("handed_in", _handed_in(card.person))
                context["not_asked"] = not_to_be_asked()
        except Person.DoesNotExist:
            context.update(form=None, missing=True)
    done = request.GET.get("done", "")
    if done:
        context["done"] = (
            Claim.objects.select_related("person", "institution")
            .filter(number=done[:20].replace("\0", ""), entered_by=request.user.pk)
            .first()
        )
        if context["done"] is not None:
            context["done_guessed"] = guessed_years(context["done"])
    return render(request, "claims/window.html", context)


def _next_form(given: QueryDict, user: User) -> ClaimForm:
    """An empty form, or one that starts with the hospital of an earlier claim."""
    like = (
        visible_to(Claim.objects.select_related("institution"), user)
        .filter(number=given.get("like", "")[:20].replace("\0", ""))
        .first()
    ) if given.get("like") else None  # fmt: skip
    scheme = current_scheme()
    if like is None:
        return ClaimForm(scheme=scheme)
    initial = {name: getattr(like, name) for name in KEPT}
    if like.kind not in STAYS:
        initial["discharged_on"] = like.discharged_on
    return ClaimForm(initial=initial, scheme=scheme)


def _day_of(form: ClaimForm | None) -> Any:
    """The day of discharge as far as the form knows it."""
    if form is None:
        return None
    if form.is_bound:
        return getattr(form, "cleaned_data", {}).get("discharged_on")
    typed = form.initial.get("discharged_on")
    if not isinstance(typed, str):
        return typed
    try:
        return parse_day(typed, today=timezone.localdate())
    except DayError:
        return None


def _my_drafts(request: HttpRequest) -> list[WindowDraft]:
    """What the clerk may continue, newest first; one statement."""
    return list(visible_to(drafts_of(_actor(request)), request.user)[:FOUND])


def _resident(request: HttpRequest) -> int | None:
    """The key of the resident whom the request names; 0, nobody's, for another township's."""
    key = _number(request.POST.get("person") or request.GET.get("person"))
    if key is None or not is_limited(request.user):
        return key
    persons = visible_to(Person.objects.all(), request.user)
    return key if persons.filter(pk=key).exists() else 0


def _number(text: str | None) -> int | None:
    """A key from a request; None for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None


def _actor(request: HttpRequest) -> User:
    """Who works at the window; the site has asked for a login before."""
    if not isinstance(request.user, User):
        raise TypeError("the window needs a member of staff")
    return request.user
