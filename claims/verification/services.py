"""Recording what a hospital answered."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.models import Claim, ClaimState
from claims.review.models import ClaimTransition
from claims.verification.models import Verification
from claims.verification.rules import is_phone
from enrollment.models import User
from enrollment.transitions.table import (
    NotPermitted,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

OPEN = (ClaimState.SUBMITTED, ClaimState.CHECKED)
ENTERING = ("submit", "submit_checked", "resubmit", "resubmit_checked")
# In the log; the claim's state stays as it is.
VERIFIED = "verify"
SHORTEST_COUNTERPART = 2  # characters


class AlreadyRecorded(TransitionRefused):
    """The same enquiry was sent twice."""


@dataclass(frozen=True)
class Enquiry:
    """What was asked of whom, and the answer."""

    method: str
    counterpart: str
    reference: str
    answered_on: date
    result: str
    note: str = ""


def why_not_verify(claim: Claim, actor: User) -> TransitionRefused | None:
    """Why the actor may not record an enquiry about the claim now; one statement at most."""
    if not actor.has_perm("claims.verify_claim"):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("verify claims at the hospital")}
        )
    if claim.source != Claim.Source.WINDOW or claim.state not in OPEN:
        return StateConflict(
            _("Only a window claim under review is verified; this one is “%(state)s”.")
            % {"state": claim.get_state_display()}
        )
    if claim.transitions.filter(actor=actor, action__in=ENTERING).exists():
        return SecondPersonRequired(
            _("The verification must be made by another person than the one who entered the claim.")
        )
    return None


def faults_of(claim: Claim, enquiry: Enquiry, today: date) -> dict[str, str]:
    """What cannot be true of an answer about this claim, by field; no statement.

    The hospital is asked once the claim is accepted, about a stay that is over by then.
    """
    faults = {}
    accepted = max(claim.discharged_on, timezone.localdate(claim.entered_at))
    if enquiry.answered_on > today:
        faults["answered_on"] = _("The day of the answer lies in the future.")
    elif enquiry.answered_on < accepted:
        faults["answered_on"] = _(
            "The answer cannot be older than the claim, which was accepted on %(day)s."
        ) % {"day": accepted.isoformat()}
    if enquiry.method == Verification.Method.PHONE and not is_phone(enquiry.reference):
        faults["reference"] = _(
            "A telephone number has 7 to 12 digits: landline with area code, or mobile."
        )
    if len(enquiry.counterpart.strip()) < SHORTEST_COUNTERPART:
        faults["counterpart"] = _("Write the department and the name of who answered.")
    return faults


def record_verification(
    claim: Claim, enquiry: Enquiry, *, actor: User, at: datetime
) -> Verification:
    """Keep the hospital's answer about the claim as it stands, with who asked and when.

    Raises a TransitionRefused: NotPermitted without `claims.verify_claim`, StateConflict outside
    the reviews, SecondPersonRequired of whoever entered or corrected the claim; also for what
    cannot be true (`faults_of`), and AlreadyRecorded for the same a second time. Nothing is
    written then.
    """
    with transaction.atomic():
        locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        refused = why_not_verify(locked, actor)
        if refused is not None:
            raise refused
        for fault in faults_of(locked, enquiry, timezone.localdate(at)).values():
            raise TransitionRefused(fault)
        answer = {
            **asdict(enquiry),
            "claim": locked,
            "institution_id": locked.institution_id,
            "invoice_no": locked.invoice_no,
            "total": locked.total,
        }
        if Verification.objects.filter(**answer).exists():
            raise AlreadyRecorded(
                _("The same answer is on record already: it was not recorded a second time.")
            )
        verification = Verification.objects.create(**answer, verified_by=actor, verified_at=at)
        ClaimTransition.objects.create(
            subject=locked,
            action=VERIFIED,
            from_state=locked.state,
            to_state=locked.state,
            actor=actor,
            at=at,
            note=f"{verification.get_method_display()} · {enquiry.counterpart} · "
            f"{enquiry.reference} · {verification.get_result_display()}"[:500],
        )
    return verification
