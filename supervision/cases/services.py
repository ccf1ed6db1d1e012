"""What is done about cases up to the notice, and how they end.

The decision, with its money, is `supervision.penalties.services`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.models import User
from enrollment.transitions.table import (
    NotPermitted,
    SecondPersonRequired,
    TransitionRefused,
    move,
    why_not,
)
from enrollment.values.money import format_yuan
from supervision.articles.wording import explain
from supervision.cases.models import Case, CaseState, CaseTransition
from supervision.cases.numbering import CASE_SERIES, next_number
from supervision.cases.rules import CaseRefused, FineRefused, act_of
from supervision.cases.selectors import found_by
from supervision.cases.states import CASE_TRANSITIONS
from supervision.inspections.models import Finding
from supervision.inspections.services import require_certificates
from supervision.statutes.fines import check_fine
from supervision.statutes.types import Decision, Verdict

ZERO = Decimal("0.00")


def open_case(
    findings: Iterable[Finding],
    *,
    officers: tuple[User, User],
    actor: User,
    at: datetime,
    note: str = "",
) -> Case:
    """File a penalty case (立案) from findings of one institution under one item of law.

    Raises NotPermitted without `supervision.open_case`, and what `act_of` and
    `require_certificates` raise. Nothing is written then.
    """
    ids = [finding.pk for finding in findings]
    opened_on = timezone.localdate(at)
    with transaction.atomic():
        locked = list(
            Finding.objects.select_for_update(no_key=True, of=("self",))
            .select_related("visit__institution")
            .filter(pk__in=ids)
            .order_by("pk")
        )
        _require("supervision.open_case", _("Open a case"), actor)
        require_certificates(officers)
        act = act_of(locked, opened_on)
        low, high = act.article.fine.bounds(act.loss)
        case = Case.objects.create(
            number=next_number(CASE_SERIES, opened_on.year),
            institution=locked[0].visit.institution,
            article_code=act.article.code,
            article_since=act.article.period.starts_on,
            act_from=act.act_from,
            act_to=act.act_to,
            loss=act.loss,
            min_fine=low,
            max_fine=high,
            officer=officers[0],
            second_officer=officers[1],
            opened_on=opened_on,
        )
        Finding.objects.filter(pk__in=ids).update(case=case)
        CaseTransition.objects.create(
            subject=case,
            action="open",
            to_state=CaseState.FILED,
            actor=actor,
            at=at,
            note=note,
        )
    return case


def notify_case(
    case: Case,
    *,
    facts: str,
    recovery: Decimal,
    fine: Decimal,
    defence_until: date,
    refused_to_correct: bool = False,
    exemption_ground: str = "",
    actor: User,
    at: datetime,
    note: str = "",
) -> Case:
    """Tell the party what it is charged with and what is intended (处罚法 §44).

    A second notice replaces the first: changed facts or higher amounts need one. Raises a
    TransitionRefused: not permitted, wrong state, no facts, a recovery above the loss, a fine
    outside its article, a term that ends before the notice.
    """
    with transaction.atomic():
        locked = lock_case(case)
        action = "notify_again" if locked.state == CaseState.NOTIFIED else "notify"
        require_now(locked, action, actor)
        today = timezone.localdate(at)
        if not facts.strip():
            raise CaseRefused(_("State the facts, the reasons and the basis."))
        if defence_until < today:
            raise CaseRefused(_("The party must have time to be heard: choose a later day."))
        require_recovery(locked, recovery)
        require_fine(
            locked,
            fine,
            refused_to_correct=refused_to_correct,
            exemption_ground=exemption_ground,
        )
        without_fine = judge_fine(locked, ZERO, refused_to_correct=refused_to_correct)
        notified: Case = move(
            locked,
            action,
            CASE_TRANSITIONS,
            CaseTransition,
            actor=actor,
            at=at,
            note=note,
            changes={
                "notified_on": today,
                "facts": facts.strip(),
                "notified_recovery": recovery,
                "notified_fine": fine,
                "defence_until": defence_until,
                "refused_to_correct": refused_to_correct,
                "exemption_ground": exemption_ground.strip(),
                "fine_is_due": without_fine.verdict is Verdict.MANDATORY,
            },
        )
    return notified


def terminate_case(case: Case, *, actor: User, at: datetime, note: str) -> Case:
    """End a case without a decision (终止), with the reason."""
    ended: Case = move(
        case, "terminate", CASE_TRANSITIONS, CaseTransition, actor=actor, at=at, note=note
    )
    return ended


def close_case(case: Case, *, actor: User, at: datetime, note: str) -> Case:
    """Close a case whose recovery and fine are wholly received (结案)."""
    closed: Case = move(
        case,
        "close",
        CASE_TRANSITIONS,
        CaseTransition,
        actor=actor,
        at=at,
        note=note,
        changes={"closed_on": timezone.localdate(at)},
    )
    return closed


def judge_fine(
    case: Case,
    fine: Decimal,
    *,
    refused_to_correct: bool | None = None,
    exemption_ground: str = "",
) -> Decision:
    """What the article in force at the act says to a fine in this case."""
    refused = case.refused_to_correct if refused_to_correct is None else refused_to_correct
    return check_fine(
        case.article_code,
        case.act_from,
        case.act_to,
        case.loss,
        fine,
        refused_to_correct=refused,
        exempted=bool(exemption_ground.strip()),
    )


def require_fine(
    case: Case,
    fine: Decimal,
    *,
    refused_to_correct: bool | None = None,
    exemption_ground: str = "",
) -> Decision:
    """Raise FineRefused, with the article quoted, unless the fine may be imposed."""
    decision = judge_fine(
        case, fine, refused_to_correct=refused_to_correct, exemption_ground=exemption_ground
    )
    if not decision.allowed:
        raise FineRefused(explain(decision, case.act_from, case.act_to))
    return decision


def require_recovery(case: Case, recovery: Decimal) -> None:
    """Raise CaseRefused for a recovery that is negative or above the loss of the case."""
    if recovery < 0 or recovery > case.loss:
        raise CaseRefused(
            _("The recovery cannot exceed the loss of the case, %(loss)s.")
            % {"loss": format_yuan(case.loss)}
        )


def lock_case(case: Case) -> Case:
    """The case as it now stands, locked for the transaction."""
    return Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)


def why_not_now(
    case: Case, action: str, actor: User, past: Iterable[CaseTransition] | None = None
) -> TransitionRefused | None:
    """Why the actor cannot take the step now, or None.

    Beyond the table: neither the officers of a case nor who inspected or found decides it.
    """
    log = case.transitions.order_by("id") if past is None else past
    refused = why_not(
        CASE_TRANSITIONS[action], case.state, str(case.get_state_display()), actor, log
    )
    if refused is None and action == "decide" and actor.pk in _officers(case):
        return SecondPersonRequired(
            _("An officer of the case does not decide it: another person must.")
        )
    if refused is None and action == "decide" and case.findings.filter(found_by(actor)).exists():
        return SecondPersonRequired(
            _("Another person than the inspectors must decide on their findings.")
        )
    return refused


def require_now(case: Case, action: str, actor: User) -> None:
    """Raise what `why_not_now` gives."""
    refused = why_not_now(case, action, actor)
    if refused is not None:
        raise refused


def _officers(case: Case) -> tuple[int, int]:
    return case.officer_id, case.second_officer_id


def _require(permission: str, action: str, actor: User) -> None:
    if not actor.has_perm(permission):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": action}
        )
