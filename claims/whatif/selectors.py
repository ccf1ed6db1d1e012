"""The two schemes of a run, and how far it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims.benefit.loading import parse_scheme
from claims.benefit.scheme import Scheme
from claims.policies.assembly import yaml_form
from claims.policies.models import PolicyProposal
from claims.policies.selectors import (
    approved_proposals,
    scheme_in_force,
    scheme_of_version,
    value_of,
    values_in,
)
from claims.whatif.drafts import held_from
from claims.whatif.locks import in_work
from claims.whatif.models import WhatIfRun

# A worker that is free takes a run within a moment.
_PATIENCE = timedelta(seconds=15)


@dataclass(frozen=True)
class RunProgress:
    """What the page of a run shows while it is open.

    `interrupted`: it was begun and no process works on it now; `unattended`: nobody has taken
    it for a while.
    """

    run: WhatIfRun
    interrupted: bool = False
    unattended: bool = False

    @property
    def may_start(self) -> bool:
        """Whether starting it again makes sense."""
        return self.interrupted or self.unattended


def run_progress(run: WhatIfRun, now: datetime) -> RunProgress:
    """How the run stands; one statement, none once it has ended."""
    if not run.is_open:
        return RunProgress(run)
    alive = bool(in_work([run.pk]))
    running = run.state == WhatIfRun.State.RUNNING
    return RunProgress(
        run,
        interrupted=running and not alive,
        unattended=not running and not alive and now - run.asked_at > _PATIENCE,
    )


def schemes_of(run: WhatIfRun) -> tuple[Scheme, Scheme]:
    """The approved scheme and the draft, as fixed when the run was asked for."""
    base = scheme_of_version(run.base_scheme, run.base_version)
    first = date(run.year, 1, 1) if run.whole_year else None
    return base, draft_scheme(run.proposal, run.over_version, held_since=first)


def draft_scheme(
    proposal: PolicyProposal, over_version: int, *, held_since: date | None = None
) -> Scheme:
    """The scheme as it would be with the proposal laid over that version of it.

    With `held_since` as if its values had held from that day on, else each from its own; where
    nothing of the scheme is approved yet, the proposal is the whole document and stays as dated.
    Raises SchemeError when it could not be calculated.
    """
    beneath = [
        one
        for one in approved_proposals(proposal.scheme)
        if (one.version or 0) <= over_version and one.pk != proposal.pk
    ]
    rows = proposal.rows.select_related("confirmation").order_by("id")
    draft = [value_of(row) for row in rows]
    if held_since is None or not beneath:
        values = [*values_in(beneath), *draft]
    else:
        values = held_from(held_since, values_in(beneath), draft)
    return parse_scheme(yaml_form(proposal.structure, values))


def is_outdated(run: WhatIfRun) -> bool:
    """Whether another version of the approved side is in force by now.

    Raises NoPolicyApproved where none is.
    """
    if run.proposal.version is not None:
        return False
    return scheme_in_force(run.base_scheme).version != run.base_version
