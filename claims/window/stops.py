"""What the rules say of a form that is not complete: so that errors do not come in rounds."""

from django.utils import timezone

from claims.intake.messages import say
from claims.intake.rules import Stop, only_stops
from claims.intake.selectors import Candidate, findings_for
from claims.papers.services import missing_papers
from claims.window.forms import ClaimForm, HandedInForm
from enrollment.models import Person, User


def add_all_stops(
    form: ClaimForm,
    person: Person,
    handed_in: HandedInForm | None = None,
    *,
    reader: User,
    claim_id: int | None = None,
) -> None:
    """Add to a refused form what else would stop the claim, as far as can be told.

    Rules are asked once institution, kind and day are known; what they say of a field that is
    wrong already is left out.
    """
    stops = _by_rules(form, person, claim_id)
    if handed_in is not None and handed_in.is_valid():
        stops += _by_papers(person, handed_in)
    form.add_stops(stops, [say(stop, reader) for stop in stops])


def _by_rules(form: ClaimForm, person: Person, claim_id: int | None) -> list[Stop]:
    draft = form.draft(without_total=True)
    if draft is None:
        return []
    candidate = Candidate(person.pk, draft, bool(person.account_no), claim_id)
    (findings,) = findings_for([candidate], today=timezone.localdate())
    return [
        stop
        for stop in only_stops(findings)
        if stop.field not in form.errors
        # Compared with a total of 0, which nobody typed.
        and not (stop.code == "already_basic_above_in_policy" and "total" in form.errors)
    ]


def _by_papers(person: Person, handed_in: HandedInForm) -> list[Stop]:
    if handed_in.cleaned_data["to_supply"]:
        return []
    missing = missing_papers(person, handed_in.cleaned_data["papers"], timezone.now())
    return [Stop("papers_missing", "papers", {"papers": tuple(missing)})] if missing else []
