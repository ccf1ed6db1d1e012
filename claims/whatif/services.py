"""Asking for a what-if run, working through it, starting it again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from claims.benefit.parameters import SchemeError
from claims.policies.language import reader_language
from claims.policies.models import PolicyProposal, ProposalState
from claims.policies.selectors import approved_proposals, scheme_in_force
from claims.policies.services import PolicyInvalid
from claims.whatif import facts
from claims.whatif.comparison import compare
from claims.whatif.locks import in_work, working_on
from claims.whatif.models import WhatIfRun
from claims.whatif.selectors import draft_scheme, schemes_of
from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused

TASK = "claims.what_if"
_OPEN = (WhatIfRun.State.WAITING, WhatIfRun.State.RUNNING)
Progress = Callable[[int], None]


class RunRefused(TransitionRefused):
    """The run cannot be made; the message says why and what to do."""


def ask_what_if(
    proposal: PolicyProposal,
    year: int,
    *,
    actor: User | None,
    at: datetime,
    send: bool = True,
    whole_year: bool = True,
) -> WhatIfRun:
    """Fix what is compared and give it to a worker.

    The draft is compared with the policy in force of the bureau's scheme; an approved proposal
    with the version before it. Its new values count as if they had held the `whole_year`, else
    each from its own day. `actor` None is a command. With `send` False the caller works
    through it with `run_what_if`. Raises NotPermitted, StateConflict, PolicyInvalid,
    NoPolicyApproved or RunRefused; nothing is written then.
    """
    _require(actor)
    if proposal.state not in {ProposalState.PROPOSED, ProposalState.APPROVED}:
        raise StateConflict(
            _("The proposal was rejected or withdrawn: propose the change again first.")
        )
    if not facts.count_year(year):
        raise RunRefused(
            _("No claim of %(year)s is settled: choose another year.") % {"year": year}
        )
    base_scheme, base_version, over = _sides(proposal)
    whole_year = whole_year and over > 0  # else the draft is the whole document, with its days
    if (
        not whole_year
        and over
        and not proposal.rows.exclude(starts_on__gt=date(year, 12, 31)).exists()
    ):
        raise RunRefused(
            _(
                "None of the new values begins by the end of %(year)s: choose another year, or "
                "let them hold the whole year."
            )
            % {"year": year}
        )
    try:
        draft_scheme(proposal, over, held_since=date(year, 1, 1) if whole_year else None)
    except SchemeError as error:
        raise PolicyInvalid(error.say(reader_language())) from error
    with transaction.atomic():
        PolicyProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        twin = WhatIfRun.objects.filter(proposal=proposal, year=year, state__in=_OPEN).first()
        if twin is not None:
            raise RunRefused(
                _("This draft is being run on %(year)s already: see %(run)s.")
                % {"year": year, "run": twin}
            )
        run = WhatIfRun.objects.create(
            proposal=proposal,
            year=year,
            whole_year=whole_year,
            base_scheme=base_scheme,
            base_version=base_version,
            over_version=over,
            asked_by=actor,
            asked_at=at,
        )
        if send:
            transaction.on_commit(lambda: _send(run.pk))
    return run


def start_again(run: WhatIfRun, *, actor: User) -> None:
    """Give a run to a worker once more: it was interrupted, or nobody took it.

    Raises NotPermitted, and RunRefused while a worker has it in hand or once it has ended.
    """
    _require(actor)
    current = WhatIfRun.objects.defer("result").get(pk=run.pk)
    if not current.is_open:
        raise RunRefused(_("This run has ended: ask for another one."))
    if in_work([run.pk]):
        raise RunRefused(_("A worker has this run in hand: wait for it."))
    if not _send(run.pk):
        raise RunRefused(
            _("The queue does not answer. Ask the operator to start it, then try again.")
        )


def run_what_if(run_id: int, *, at: datetime, tell: Progress | None = None) -> str:
    """Work through a run; what the Celery task calls. Returns the state it ends in.

    Safe to call again: a run that has ended, or that another worker has in hand, is left
    alone; an interrupted one begins again with the first claim. `tell` hears the claims done.
    """
    with working_on(run_id) as mine:
        run = WhatIfRun.objects.select_related("proposal").filter(pk=run_id).first()
        if run is None or not mine or not run.is_open:
            return run.state if run else ""
        rows = WhatIfRun.objects.filter(pk=run_id, state__in=_OPEN)
        rows.update(
            state=WhatIfRun.State.RUNNING,
            started_at=at,
            starts=F("starts") + 1,
            done=0,
            expected=facts.count_year(run.year),
        )
        outcome: dict[str, Any]
        with _beside(run_id) as report:

            def progress(done: int) -> None:
                report(done)
                if tell is not None:
                    tell(done)

            try:
                outcome = {"state": WhatIfRun.State.DONE, "result": calculate(run, progress)}
            except (SchemeError, KeyError) as error:
                said = (
                    error.say(reader_language()) if isinstance(error, SchemeError) else str(error)
                )
                outcome = {"state": WhatIfRun.State.FAILED, "message": said}
        if outcome["state"] == WhatIfRun.State.DONE:
            done = outcome["result"]["read"]
            outcome |= {"done": done, "expected": done}
        rows.update(**outcome, finished_at=timezone.now())
        return str(outcome["state"])


def calculate(run: WhatIfRun, progress: Progress | None = None) -> dict[str, Any]:
    """The result of a run: the comparison, with what was really paid for the same claims.

    Writes nothing and keeps no claim in memory longer than its batch. Raises SchemeError
    when one of the schemes cannot be calculated any more.
    """
    base, draft = schemes_of(run)
    read = 0

    def count(done: int) -> None:
        nonlocal read
        read = done
        if progress is not None:
            progress(done)

    with facts.snapshot():
        found = compare(base, draft, facts.stream_year(run.year), count)
        paid = facts.paid_in_year(run.year)
    return {**found, "read": read, "settled": [list(line) for line in paid]}


def _sides(proposal: PolicyProposal) -> tuple[str, int, int]:
    """Scheme and version of the approved side, and the version beneath the draft."""
    if proposal.version is not None:
        before = proposal.version - 1
        if not before:
            raise RunRefused(
                _("The scheme's first version has nothing before it to be compared with.")
            )
        return proposal.scheme, before, before
    in_force = scheme_in_force(current_bureau().scheme)
    versions = [one.version or 0 for one in approved_proposals(proposal.scheme)]
    return in_force.scheme.code, in_force.version, max(versions, default=0)


def _send(run_id: int) -> bool:
    """Hand the run to whichever worker is free; False when the queue does not answer."""
    try:
        current_app.send_task(TASK, args=[run_id])
    except OperationalError:
        return False
    return True


@contextmanager
def _beside(run_id: int) -> Iterator[Progress]:
    """Report claims done through a connection of its own: the snapshot writes nothing."""
    side = connection.copy()

    def report(claims: int) -> None:
        with side.cursor() as cursor:
            cursor.execute("UPDATE claims_whatifrun SET done = %s WHERE id = %s", [claims, run_id])

    try:
        yield report
    finally:
        side.close()


def _require(actor: User | None) -> None:
    if actor is not None and not actor.has_perm("claims.run_whatif"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("run a draft policy on a year's claims")}
        )
