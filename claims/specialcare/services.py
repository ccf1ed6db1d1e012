"""The steps of an application for a special disease; each in its window of the quarter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.certificates.models import SpecialCertificate
from claims.certificates.services import Grant, write_certificate
from claims.diseases.selectors import Windows, review_calendar_on, term_on
from claims.specialcare.models import (
    ApplicationTransition,
    PanelVote,
    RefusalReason,
    SpecialApplication,
)
from claims.specialcare.states import APPLICATION_TRANSITIONS, STAGE_OF
from enrollment.models import User
from enrollment.transitions.table import TransitionRefused, move, why_not
from enrollment.values.periods import last_day_of_months


class OutsideWindow(TransitionRefused):
    """The step's window of the quarter is closed; the message names the next one."""


@dataclass(frozen=True)
class Vote:
    """One member of the panel and how they voted."""

    name: str
    agrees: bool
    workplace: str = ""


def pass_first_review(
    application: SpecialApplication, *, actor: User, at: datetime, note: str = ""
) -> SpecialApplication:
    """The papers are in order: on to the panel. Raises as `move`, and OutsideWindow."""
    return take_step(application, "pass_first", actor, at, note=note)


def return_for_papers(
    application: SpecialApplication, *, actor: User, at: datetime, note: str
) -> SpecialApplication:
    """The first review asks for papers; `note` says which and why. Raises as `move`."""
    return take_step(application, "return", actor, at, note=note)


def record_votes(
    application: SpecialApplication,
    votes: Sequence[Vote],
    *,
    actor: User,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> SpecialApplication:
    """Record how the panel voted: more than half agree → on to the recheck, else refused.

    Raises TransitionRefused for fewer members than the calendar asks for, for a name twice, for a
    tie; ReasonMissing where the panel declines without `reason`; else as `move`.
    """
    names = {" ".join(vote.name.split()) for vote in votes}
    if len(names) != len(votes):
        raise TransitionRefused(_("Each member of the panel votes once: a name stands twice."))
    calendar = review_calendar_on(timezone.localdate(at))
    if calendar is not None and len(votes) < calendar.panel_size:
        raise TransitionRefused(
            _("The panel has at least %(count)d members; %(given)d voted.")
            % {"count": calendar.panel_size, "given": len(votes)}
        )
    agreeing = sum(vote.agrees for vote in votes)
    if agreeing * 2 == len(votes):
        raise TransitionRefused(_("The votes are equal: let another member vote."))
    agreed = agreeing * 2 > len(votes)
    with translation.override("zh-hans"):  # what stands in the log is Chinese
        tally = _("%(agree)d of %(all)d agree") % {"agree": agreeing, "all": len(votes)}
    with transaction.atomic():
        moved = take_step(
            application,
            "agree" if agreed else "decline",
            actor,
            at,
            note=f"{tally} {note}".strip(),
            reason="" if agreed else reason,
        )
        PanelVote.objects.bulk_create(
            PanelVote(
                application=moved,
                name=" ".join(vote.name.split()),
                workplace=vote.workplace,
                agrees=vote.agrees,
                recorded_at=at,
            )
            for vote in votes
        )
    return moved


def issue_certificate(
    application: SpecialApplication, *, actor: User, at: datetime, note: str = ""
) -> SpecialCertificate:
    """The recheck finds all in order: the certificate holds from this day on.

    A renewal continues the day after its predecessor ends. Its end follows from the disease's
    validity on the day of filing. Raises as `move`, and OutsideWindow.
    """
    day = timezone.localdate(at)
    starts_on = day
    if application.renews is not None and application.renews.ends_on is not None:
        starts_on = max(day, application.renews.ends_on + timedelta(1))
    term = term_on(application.disease, timezone.localdate(application.filed_at))
    months = term.months if term else None
    ends_on = last_day_of_months(starts_on, months) if months else None
    with transaction.atomic():
        require_possible(application, "issue", actor, day)
        certificate = write_certificate(
            application.person,
            Grant(
                application.disease,
                starts_on,
                ends_on,
                application.number,
                application.institution,
            ),
            action="issue",
            actor=actor,
            at=at,
        )
        take_step(application, "issue", actor, at, note=note, changes={"certificate": certificate})
    return certificate


def refuse_application(
    application: SpecialApplication, *, reason: str, note: str, actor: User, at: datetime
) -> SpecialApplication:
    """The recheck refuses what the panel has agreed to. Raises as `move`, and OutsideWindow."""
    return take_step(application, "refuse", actor, at, note=note, reason=RefusalReason(reason))


def withdraw_application(
    application: SpecialApplication, *, note: str, actor: User, at: datetime
) -> SpecialApplication:
    """The applicant takes it back, on any day. Raises as `move`."""
    return take_step(application, "withdraw", actor, at, note=note)


def take_step(
    application: SpecialApplication,
    action: str,
    actor: User,
    at: datetime,
    *,
    note: str = "",
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> SpecialApplication:
    """Take a step in its window."""
    with transaction.atomic():
        require_possible(application, action, actor, timezone.localdate(at))
        moved: SpecialApplication = move(
            application,
            action,
            APPLICATION_TRANSITIONS,
            ApplicationTransition,
            actor=actor,
            at=at,
            note=note,
            reason=reason,
            changes=changes,
        )
    return moved


def require_possible(
    application: SpecialApplication, action: str, actor: User, day: date
) -> SpecialApplication:
    """The locked application; raises what `why_not` finds, then OutsideWindow.

    Called within a transaction.
    """
    rows = SpecialApplication.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.get(pk=application.pk)
    past = locked.transitions.order_by("id")
    step = APPLICATION_TRANSITIONS[action]
    refused = why_not(step, locked.state, locked.get_state_display(), actor, past)
    if refused is not None:
        raise refused
    stage = STAGE_OF.get(action)
    closed = Windows().why_closed(stage, day) if stage is not None else ""
    if closed:
        raise OutsideWindow(closed)
    return locked
