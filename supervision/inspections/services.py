"""What is done about visits and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.models import Institution, User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused, move
from supervision.articles.wording import explain
from supervision.inspections.models import Finding, Visit, VisitState, VisitTransition
from supervision.inspections.states import VISIT_TRANSITIONS
from supervision.statutes.fines import governing_article
from supervision.statutes.loading import articles
from supervision.statutes.types import Decision, Subject, Verdict


class VisitRefused(TransitionRefused):
    """A visit or finding that cannot stand; the message says why and what to do.

    `field` names the entry at fault, empty when it is no single one.
    """

    def __init__(self, message: str, field: str = "") -> None:
        """Keep the field for the form that shows it."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class FindingFacts:
    """What an inspector writes down about one breach; amounts in yuan, days inclusive."""

    article_code: str
    description: str
    act_from: date
    act_to: date
    loss: Decimal
    people_count: int | None = None
    claims_note: str = ""


def require_certificates(people: Sequence[User]) -> None:
    """Two different people, each with a law-enforcement certificate (条例 §29).

    Raises VisitRefused naming who lacks one.
    """
    if len({person.pk for person in people}) != 2:
        raise VisitRefused(_("Two different inspectors are needed (Regulation, article 29)."))
    for person in people:
        if not person.certificate_no.strip():
            raise VisitRefused(
                _(
                    "%(name)s has no law-enforcement certificate on record and may not inspect "
                    "(Regulation, article 29). Choose another inspector, or have the "
                    "administrator enter the certificate number."
                )
                % {"name": person}
            )


def log_visit(
    *,
    institution: Institution,
    visited_on: date,
    source: str,
    inspectors: tuple[User, User],
    place: str = "",
    charts_sampled: int = 0,
    notes: str = "",
    planned: bool = False,
    actor: User,
    at: datetime,
    note: str = "",
) -> Visit:
    """Plan a visit, or record one that has taken place.

    Raises NotPermitted without `supervision.log_visit`, VisitRefused without two inspectors
    with certificates, when a visit of a coming day is to be recorded as done, or for the same
    visit a second time.
    """
    _require_permission(actor)
    require_certificates(inspectors)
    if not planned:
        _require_past(visited_on, at)
    with transaction.atomic():
        # Visits of one institution are entered one after the other.
        Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
        given = {
            "institution": institution,
            "visited_on": visited_on,
            "source": source,
            "inspector": inspectors[0],
            "second_inspector": inspectors[1],
            "place": place,
            "charts_sampled": charts_sampled,
            "notes": notes,
        }
        if Visit.objects.filter(**given).exists():
            raise VisitRefused(
                _("The same visit is on record already: it was not recorded a second time.")
            )
        visit = Visit.objects.create(
            **given, state=VisitState.PLANNED if planned else VisitState.DONE
        )
        VisitTransition.objects.create(
            subject=visit,
            action="plan" if planned else "log",
            to_state=visit.state,
            actor=actor,
            at=at,
            note=note,
        )
    return visit


def complete_visit(
    visit: Visit,
    *,
    visited_on: date,
    charts_sampled: int,
    notes: str,
    actor: User,
    at: datetime,
    note: str = "",
) -> Visit:
    """Record a planned visit as done on `visited_on`; raises a TransitionRefused if not."""
    _require_past(visited_on, at)
    done: Visit = move(
        visit,
        "complete",
        VISIT_TRANSITIONS,
        VisitTransition,
        actor=actor,
        at=at,
        note=note,
        changes={"visited_on": visited_on, "charts_sampled": charts_sampled, "notes": notes},
    )
    return done


def record_finding(visit: Visit, facts: FindingFacts, *, actor: User, at: datetime) -> Finding:
    """Write down a breach found on a visit that has taken place.

    Raises NotPermitted, StateConflict on a planned visit, VisitRefused when the act lies
    after the visit or when its days lie under two wordings of the law.
    """
    with transaction.atomic():
        locked = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
        _require_permission(actor)
        _require_done(locked)
        check_facts(facts, locked.visited_on)
        return Finding.objects.create(
            visit=locked,
            article_code=facts.article_code,
            description=facts.description,
            act_from=facts.act_from,
            act_to=facts.act_to,
            loss=facts.loss,
            people_count=facts.people_count,
            claims_note=facts.claims_note,
            entered_by=actor,
            entered_at=at,
        )


def correct_finding(finding: Finding, facts: FindingFacts, *, actor: User, at: datetime) -> Finding:
    """Correct a finding that nobody has dealt with yet; the same refusals as recording one."""
    with transaction.atomic():
        locked = Finding.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.pk)
        _require_permission(actor)
        if not locked.is_open:
            raise StateConflict(_("This finding has been dealt with and can no longer be changed."))
        check_facts(facts, locked.visit.visited_on)
        locked.article_code = facts.article_code
        locked.description = facts.description
        locked.act_from = facts.act_from
        locked.act_to = facts.act_to
        locked.loss = facts.loss
        locked.people_count = facts.people_count
        locked.claims_note = facts.claims_note
        locked.entered_by = actor
        locked.entered_at = at
        locked.save()
        return locked


def check_facts(facts: FindingFacts, visited_on: date) -> None:
    """Refuse facts that contradict the visit or the law's dates (VisitRefused)."""
    if facts.act_to < facts.act_from:
        raise VisitRefused(_("The act ends before it starts: check the two dates."), "act_to")
    if facts.act_to > visited_on:
        raise VisitRefused(
            _("The act cannot end after the visit of %(day)s: check the dates.")
            % {"day": visited_on},
            "act_to",
        )
    if facts.loss < 0:
        raise VisitRefused(_("The loss cannot be negative."), "loss")
    wordings = articles().get(facts.article_code, ())
    if not any(Subject.INSTITUTION in article.subjects for article in wordings):
        raise VisitRefused(
            _("Choose an item of law that binds institutions from the list."), "article_code"
        )
    found = governing_article(facts.article_code, facts.act_from, facts.act_to)
    if isinstance(found, Decision) and found.verdict is Verdict.STRADDLES_CHANGE:
        raise VisitRefused(explain(found, facts.act_from, facts.act_to), "act_from")


def _require_permission(actor: User) -> None:
    if not actor.has_perm("supervision.log_visit"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("record visits")}
        )


def _require_past(visited_on: date, at: datetime) -> None:
    if visited_on > timezone.localdate(at):
        raise VisitRefused(
            _("The visit lies in the future: plan it, and record it when it has taken place."),
            "visited_on",
        )


def _require_done(visit: Visit) -> None:
    if visit.state != VisitState.DONE:
        raise StateConflict(
            _("The visit is only planned: record it as done before writing down findings.")
        )
