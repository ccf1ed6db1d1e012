"""Decisions: recoveries and fines.

Recoveries and fines are written, booked and received apart (条例 §45); see
`supervision.penalties.postings` and `supervision.penalties.receipts`.
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
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
    move,
)
from enrollment.values.money import format_yuan
from supervision.cases.models import Case, CaseTransition
from supervision.cases.numbering import AGREEMENT_SERIES, PENALTY_SERIES, next_number
from supervision.cases.rules import CaseRefused
from supervision.cases.services import (
    lock_case,
    require_fine,
    require_now,
    require_recovery,
)
from supervision.cases.states import CASE_TRANSITIONS
from supervision.decisions.requirements import why_not_named
from supervision.decisions.services import issue_agreement_decision, issue_penalty_decision
from supervision.inspections.models import Finding
from supervision.penalties.models import Fine, Recovery
from supervision.penalties.postings import post_fine, post_recovery
from supervision.penalties.receipts import execute_if_settled

ZERO = Decimal("0.00")


def decide_penalty(
    case: Case,
    *,
    recovery: Decimal,
    fine: Decimal,
    defence: str,
    heard_on: date | None = None,
    exemption_ground: str = "",
    actor: User,
    at: datetime,
    note: str = "",
) -> Case:
    """Decide a notified case: the recovery to the fund, the fine to the treasury (yuan).

    Raises a TransitionRefused and writes nothing: not permitted, an officer or the notifier
    decides, not notified, the party not heard and its time not over, an amount above the
    notice (处罚法 §44, §45), a fine outside its article or missing without a ground of
    exemption (§33), a party or an organ that the paper could not name (§59).
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        locked = lock_case(case)
        require_now(locked, "decide", actor)
        _require_named(locked)
        _require_heard(locked, defence, heard_on, today)
        require_recovery(locked, recovery)
        _require_within_notice(locked, recovery, fine)
        require_fine(locked, fine, exemption_ground=exemption_ground)
        decided: Case = move(
            locked,
            "decide",
            CASE_TRANSITIONS,
            CaseTransition,
            actor=actor,
            at=at,
            note=note,
            changes={
                "decided_on": today,
                "decided_recovery": recovery,
                "decided_fine": fine,
                "defence": defence.strip(),
                "heard_on": heard_on,
                "exemption_ground": exemption_ground.strip() if not fine else "",
            },
        )
        if recovery or fine:
            number = next_number(PENALTY_SERIES, today.year)
        if recovery:
            _order_recovery(
                Recovery(
                    number=number,
                    basis=Recovery.Basis.PENALTY,
                    institution_id=decided.institution_id,
                    case=decided,
                    amount=recovery,
                    decided_on=today,
                    decided_by=actor,
                    decided_at=at,
                    note=note,
                )
            )
        if fine:
            row = Fine.objects.create(
                number=number,
                institution_id=decided.institution_id,
                case=decided,
                article_code=decided.article_code,
                article_since=decided.article_since,
                loss=decided.loss,
                min_fine=decided.min_fine,
                max_fine=decided.max_fine,
                amount=fine,
                decided_on=today,
                decided_by=actor,
                decided_at=at,
            )
            post_fine(row)
        issue_penalty_decision(_as_decided(decided), actor=actor, at=at)
        execute_if_settled(decided, at)
    decided.refresh_from_db()
    return decided


def recover_by_agreement(
    findings: Iterable[Finding], *, actor: User, at: datetime, note: str
) -> Recovery:
    """Recover the loss of findings under the agreement (协议处理): no case, no fine.

    One institution, any items of law and any time of the act. Raises NotPermitted without
    `supervision.recover_by_agreement`, SecondPersonRequired when the actor inspected or
    entered one of them, ReasonMissing without a note, StateConflict when one is dealt with,
    CaseRefused when there is nothing to recover.
    """
    ids = [finding.pk for finding in findings]
    today = timezone.localdate(at)
    with transaction.atomic():
        locked = list(
            Finding.objects.select_for_update(no_key=True, of=("self",))
            .select_related("visit")
            .filter(pk__in=ids)
            .order_by("pk")
        )
        refused = why_not_recover(locked, actor)
        if refused is not None:
            raise refused
        if not note.strip():
            raise ReasonMissing(_("Say why: the next person needs to know."))
        amount = sum((finding.loss for finding in locked), ZERO)
        row = _order_recovery(
            Recovery(
                number=next_number(AGREEMENT_SERIES, today.year),
                basis=Recovery.Basis.AGREEMENT,
                institution_id=locked[0].visit.institution_id,
                amount=amount,
                decided_on=today,
                decided_by=actor,
                decided_at=at,
                note=note.strip(),
            )
        )
        Finding.objects.filter(pk__in=ids).update(recovery=row)
        issue_agreement_decision(row, actor=actor, at=at)
    return row


def why_not_recover(findings: list[Finding], actor: User) -> TransitionRefused | None:
    """Why the actor cannot recover the findings' losses under the agreement, or None."""
    if not actor.has_perm("supervision.recover_by_agreement"):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("recover under the agreement")}
        )
    for finding in findings:
        visit = finding.visit
        if actor.pk in (visit.inspector_id, visit.second_inspector_id, finding.entered_by_id):
            return SecondPersonRequired(
                _("Another person than the inspectors must decide on their findings.")
            )
        if not finding.is_open:
            return StateConflict(
                _("“%(finding)s” has been dealt with already. Reload the page.")
                % {"finding": finding}
            )
    if len({finding.visit.institution_id for finding in findings}) != 1:
        return CaseRefused(_("Choose findings of one institution."))
    if not sum(finding.loss for finding in findings):
        return CaseRefused(_("These findings cost the fund nothing: there is nothing to recover."))
    return None


def _as_decided(case: Case) -> Case:
    """The case with what its decision has just written."""
    return Case.objects.select_related("institution", "officer", "second_officer").get(pk=case.pk)


def _order_recovery(row: Recovery) -> Recovery:
    """Write the recovery and book it."""
    row.save(force_insert=True)
    post_recovery(row)
    return row


def _require_named(case: Case) -> None:
    """The paper can name what the law wants named (处罚法 §59)."""
    refused = why_not_named(case.institution)
    if refused is not None:
        raise refused


def _require_heard(case: Case, defence: str, heard_on: date | None, today: date) -> None:
    """The party has been heard, or has let its time pass (处罚法 §45, 条例 §31)."""
    notified_on, until = case.notified_on, case.defence_until
    if notified_on is None or until is None:
        raise CaseRefused(_("The party has not been notified: a decision needs a notice first."))
    if not defence.strip():
        raise CaseRefused(_("Write down the party's statement and defence, or that it made none."))
    if heard_on is None and today <= until:
        raise CaseRefused(
            _(
                "The party may still be heard until %(until)s. Decide after that day, or enter "
                "the day on which it was heard or gave up its right."
            )
            % {"until": until}
        )
    if heard_on is not None and not notified_on <= heard_on <= today:
        raise CaseRefused(
            _("The party was heard between the notice of %(first)s and today: check the day.")
            % {"first": notified_on}
        )


def _require_within_notice(case: Case, recovery: Decimal, fine: Decimal) -> None:
    """Nothing above what the party was told of (处罚法 §44, §45)."""
    for amount, limit, words in (
        (recovery, case.notified_recovery, _("recovery")),
        (fine, case.notified_fine, _("fine")),
    ):
        if limit is None or amount > limit:
            raise CaseRefused(
                _(
                    "The %(what)s of %(amount)s is above what the party was notified of, "
                    "%(limit)s. Notify again before deciding more."
                )
                % {
                    "what": words,
                    "amount": format_yuan(amount),
                    "limit": format_yuan(limit or ZERO),
                }
            )
