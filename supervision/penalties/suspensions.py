"""Suspensions of an agreement that a case orders."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.institutions.selectors import agreement_on
from enrollment.institutions.services import suspend_agreement
from enrollment.models import Suspension, User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused
from supervision.cases.models import Case, CaseState, CaseTransition
from supervision.cases.rules import CaseRefused
from supervision.cases.services import lock_case
from supervision.penalties.models import SuspensionOrder

# While a case is in one of these its party has been told and may be suspended (条例 §13).
SUSPENDABLE = (CaseState.NOTIFIED, CaseState.DECIDED, CaseState.EXECUTED)


def order_suspension(
    case: Case,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    actor: User,
    at: datetime,
) -> Suspension:
    """Suspend the institution's agreement in a case (中止协议), both days inclusive.

    Written to the agreement through enrollment, with the case number as its document: the next
    claim of a day inside it feels it. Raises a TransitionRefused: the case has not reached its
    notice or is over, no agreement covers the first day, or enrollment refuses.
    """
    with transaction.atomic():
        locked = lock_case(case)
        refused = why_not_suspend(locked, actor)
        if refused is not None:
            raise refused
        agreement = agreement_on(locked.institution, starts_on)
        if agreement is None:
            raise CaseRefused(
                _("%(institution)s has no agreement on %(day)s: there is nothing to suspend.")
                % {"institution": locked.institution, "day": starts_on}
            )
        suspension = suspend_agreement(
            agreement,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            document=locked.number,
            actor=actor,
            at=at,
        )
        SuspensionOrder.objects.create(case=locked, suspension=suspension)
        CaseTransition.objects.create(
            subject=locked,
            action="suspend",
            from_state=locked.state,
            to_state=locked.state,
            actor=actor,
            at=at,
            note=f"{starts_on} – {ends_on} {reason.strip()}"[:500],
        )
    return suspension


def why_not_suspend(case: Case, actor: User) -> TransitionRefused | None:
    """Why the actor cannot suspend the agreement in this case now, or None."""
    if not actor.has_perm("enrollment.suspend_agreement"):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("suspend the agreement")}
        )
    if case.state not in SUSPENDABLE:
        return StateConflict(
            _("The agreement can be suspended once the party is notified and until the closure.")
        )
    return None
