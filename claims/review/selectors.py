"""Queues of the reviews, and what the page of one claim shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.attachments.models import ClaimAttachment
from claims.attachments.services import ATTACHED, REMOVED, why_not_attach
from claims.intake.deadlines import Due, due_of
from claims.intake.drafts import draft_of
from claims.intake.messages import say
from claims.intake.models import WITH_RESULT, Claim, ClaimState
from claims.intake.quote import Quote, quote_claim, settled_quote
from claims.intake.rules import Severity
from claims.intake.selectors import candidate_of, findings_for
from claims.papers.models import ClaimPaper
from claims.papers.services import RECEIVED
from claims.payments.models import PaymentOrder
from claims.results.selectors import Result, results_of
from claims.review.holding import held_because
from claims.review.models import ClaimTransition
from claims.review.reasons import reason_text
from claims.review.states import CLAIM_TRANSITIONS
from claims.verification.models import Verification
from claims.verification.services import VERIFIED
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.transitions.selectors import not_handled_by
from enrollment.transitions.table import TransitionRefused, why_not

FIRST, SECOND, HELD, RETURNED, MINE = "first", "second", "held", "returned", "mine"
# Neither decided nor sent back to the window.
UNDER_WAY = (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.APPROVED, ClaimState.HELD)
# What stands in the log without moving the claim, and the entry.
_WITHOUT_STEP = {
    "submit": _("Entered"),
    "submit_checked": _("Entered"),
    RECEIVED: _("Papers handed in"),
    VERIFIED: _("Verified at the hospital"),
    ATTACHED: _("Scan attached"),
    REMOVED: _("Scan removed"),
}


def queue(name: str, user: User) -> QuerySet[Claim]:
    """The claims of a queue that wait for this user: what is due first, uploads by age.

    `first` and `second` leave out what the user has had a hand in; `returned` and
    `mine` are claims that the user entered: sent back, and under way. Only claims of the
    user's townships.
    """
    claims = visible_to(Claim.objects.order_by(F("due_on").asc(nulls_last=True), "id"), user)
    if name == FIRST:
        return _not_mine(claims.filter(waiting__state=ClaimState.SUBMITTED), "pass_first", user)
    if name == SECOND:
        return _not_mine(claims.filter(waiting__state=ClaimState.CHECKED), "approve", user)
    if name == HELD:
        return claims.filter(waiting__state=ClaimState.HELD)
    if name == RETURNED:
        return claims.filter(waiting__state=ClaimState.RETURNED, entered_by=user)
    if name == MINE:
        return claims.filter(waiting__state__in=UNDER_WAY, entered_by=user)
    raise KeyError(name)


def next_in_queue(name: str, user: User, *, after: int) -> Claim | None:
    """The next claim of the queue behind the claim `after`, else its first; three statements."""
    waiting = queue(name, user).exclude(pk=after)
    due = Claim.objects.values_list("due_on", flat=True).get(pk=after)
    behind = Q(due_on=due, pk__gt=after)
    if due is not None:
        behind |= Q(due_on__gt=due) | Q(due_on__isnull=True)
    else:
        behind = Q(due_on__isnull=True, pk__gt=after)
    return waiting.filter(behind).first() or waiting.first()


def queue_of(state: str) -> str:
    """The queue in which a claim of that state waits for review; empty for none."""
    queues = {ClaimState.SUBMITTED: FIRST, ClaimState.CHECKED: SECOND, ClaimState.HELD: HELD}
    return queues.get(ClaimState(state), "")


def _not_mine(claims: QuerySet[Claim], action: str, user: User) -> QuerySet[Claim]:
    """Without those whose separation of duties excludes the user."""
    return not_handled_by(claims, CLAIM_TRANSITIONS[action], ClaimTransition, user)


@dataclass(frozen=True)
class PossibleStep:
    """A step that leads on from the claim's state; `refused` says why not for this user."""

    action: str
    label: str
    refused: TransitionRefused | None


@dataclass(frozen=True)
class LogLine:
    """One row of the log in words."""

    row: ClaimTransition
    label: str
    reason: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class ClaimPage:
    """What the page of a claim shows beside its fields; `needs` are the codes of its findings."""

    quote: Quote
    settled: bool
    findings: Sequence[tuple[str, str]]
    log: Sequence[LogLine]
    due: Due | None
    papers: Sequence[ClaimPaper]
    verifications: Sequence[Verification]
    scans: Sequence[ClaimAttachment]
    may_attach: bool
    needs: frozenset[str]
    orders: Sequence[PaymentOrder]
    results: Sequence[Result] = ()


def claim_page(claim: Claim, user: User, *, today: date) -> ClaimPage:
    """Breakdown, findings, due date, papers, log and payment; at most twenty-one statements.

    `results` is empty until a correction has changed the settlement's.
    """
    settled = claim.state in WITH_RESULT
    findings: list[tuple[str, str]] = []
    needs: frozenset[str] = frozenset()
    window = claim.source == Claim.Source.WINDOW
    if not settled and claim.state != ClaimState.REJECTED:
        (found,) = findings_for([candidate_of(claim)], today=today)
        needs = frozenset(one.code for one in found)
        findings = [
            ("red" if one.severity is Severity.STOP else "amber", say(one, user)) for one in found
        ]
    quote = settled_quote(claim) if settled else quote_claim(claim.person_id, draft_of(claim))
    return ClaimPage(
        quote=quote,
        settled=settled,
        findings=findings,
        due=due_of(claim),
        papers=list(claim.papers.all()) if window else [],
        verifications=(list(claim.verifications.select_related("verified_by")) if window else []),
        scans=_scans(claim) if window else [],
        may_attach=window and why_not_attach(claim, user) is None,
        needs=needs,
        log=[_line(row) for row in claim.transitions.select_related("actor").order_by("id")],
        orders=_orders(claim) if settled else [],
        results=results_of(claim.settled) if quote.correction else (),
    )


def _scans(claim: Claim) -> list[ClaimAttachment]:
    """The claim's scans, without those that were removed."""
    return list(claim.attachments.filter(removed_at__isnull=True).select_related("attached_by"))


def _orders(claim: Claim) -> list[PaymentOrder]:
    """The claim's payment orders, newest first; an upload's are its institution's of the run."""
    if claim.source == Claim.Source.WINDOW:
        orders = PaymentOrder.objects.filter(claim=claim)
    else:
        orders = PaymentOrder.objects.filter(
            institution=claim.institution_id, run__settled__claim=claim
        )
    return list(orders.order_by("-id"))


def possible_steps(claim: Claim, user: User) -> list[PossibleStep]:
    """The steps from the claim's state that the user's role includes, each with what is against it.

    One statement for the log, none where the role includes no step.
    """
    steps = [
        step
        for step in CLAIM_TRANSITIONS.from_state(claim.state)
        if step.permission
        and user.has_perm(step.permission)
        and not step.action.startswith("resubmit")
    ]
    past = list(claim.transitions.order_by("id")) if steps else []
    state = claim.get_state_display()
    return [
        PossibleStep(step.action, str(step.label), why_not(step, claim.state, state, user, past))
        for step in steps
    ]


def _reason(row: ClaimTransition) -> str:
    """Why, in words: a reviewer's legal reason, or what made the settlement hold the claim."""
    if not row.reason:
        return ""
    return held_because(row.reason) if row.action == "hold" else reason_text(row.reason)


def _line(row: ClaimTransition) -> LogLine:
    changes = row.changes or {}
    return LogLine(
        row=row,
        label=action_label(row.action),
        reason=_reason(row),
        changes=[
            (str(getattr(Claim._meta.get_field(name), "verbose_name", name)), before, after)
            for name, (before, after) in changes.items()
        ],
    )


def action_label(action: str) -> str:
    """What was done, in words; the entry is no step of the table, nor is what moves nothing."""
    if action in _WITHOUT_STEP:
        return str(_WITHOUT_STEP[action])
    step = CLAIM_TRANSITIONS.steps.get(action)
    return str(step.label) if step else action
