"""Proposing, approving and confirming benefit policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.benefit.loading import parse_scheme
from claims.benefit.parameters import SchemeError
from claims.policies.assembly import Value, structure_of, values_of, yaml_form
from claims.policies.language import reader_language
from claims.policies.models import (
    PolicyConfirmation,
    PolicyProposal,
    PolicyRow,
    ProposalState,
    ProposalTransition,
)
from claims.policies.selectors import approved_proposals, values_in
from claims.policies.states import PROPOSAL_TRANSITIONS
from enrollment.access.models import User
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused, move

# Proposals are made and approved one at a time, or two would take the same version.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('claims.policies'))"


class PolicyInvalid(TransitionRefused):
    """With the proposal the scheme could not be calculated; says where and what to do."""


@dataclass(frozen=True)
class Proposed:
    """What a proposal brought: its record (None when nothing is new), rows new and known."""

    proposal: PolicyProposal | None
    created: int
    unchanged: int


def propose_scheme(
    data: Mapping[str, Any], *, title: str, actor: User | None, at: datetime
) -> Proposed:
    """Propose what a scheme's YAML form says beyond what is approved or proposed already.

    Rows that the form leaves out stay; a value is ended by a row with value null. The same
    form again proposes nothing. `actor` None is a command. Raises NotPermitted or
    PolicyInvalid; nothing is written then.
    """
    _require(actor, "claims.propose_policy", _("propose policies"))
    _parse(data)
    with transaction.atomic():
        _one_at_a_time()
        known = _known(data["code"])
        values = values_of(data)
        fresh = [value for value in values if not _is_known(value, known)]
        structure = structure_of(data)
        if not fresh and structure in [proposal.structure for proposal in known]:
            return Proposed(None, 0, len(values))
        approved = [one for one in known if one.state == ProposalState.APPROVED]
        _parse(yaml_form(structure, [*values_in(approved), *fresh]))
        proposal = PolicyProposal.objects.create(
            scheme=data["code"],
            title=title[:200],
            structure=structure,
            proposed_by=actor,
            proposed_at=at,
        )
        PolicyRow.objects.bulk_create(_row(proposal, value) for value in fresh)
        ProposalTransition.objects.create(
            subject=proposal,
            action="propose",
            to_state=ProposalState.PROPOSED,
            actor=actor,
            at=at,
        )
    return Proposed(proposal, len(fresh), len(values) - len(fresh))


def approve_proposal(
    proposal: PolicyProposal, *, actor: User, at: datetime, note: str = ""
) -> PolicyProposal:
    """Let the proposal's rows hold from their first days on, as the scheme's next version.

    Another person than the one who proposed it. What has been settled stays as it is. Raises
    a TransitionRefused, among them PolicyInvalid when other approvals made it impossible.
    """
    with transaction.atomic():
        _one_at_a_time()
        approved = approved_proposals(proposal.scheme)
        _parse(yaml_form(proposal.structure, values_in([*approved, proposal])))
        version = max((one.version or 0 for one in approved), default=0) + 1
        moved: PolicyProposal = move(
            proposal,
            "approve",
            PROPOSAL_TRANSITIONS,
            ProposalTransition,
            actor=actor,
            at=at,
            note=note,
            changes={"version": version},
        )
    return moved


def reject_proposal(
    proposal: PolicyProposal, *, actor: User, at: datetime, note: str
) -> PolicyProposal:
    """Refuse the proposal with a reason; its rows never hold."""
    return _move(proposal, "reject", actor=actor, at=at, note=note)


def withdraw_proposal(
    proposal: PolicyProposal, *, actor: User, at: datetime, note: str
) -> PolicyProposal:
    """Take the proposal back before it is decided."""
    return _move(proposal, "withdraw", actor=actor, at=at, note=note)


def confirm_row(row: PolicyRow, *, actor: User, at: datetime, note: str) -> PolicyConfirmation:
    """Record that the row was compared with its document (核定), and with which copy.

    Raises NotPermitted, or StateConflict when it is confirmed already or not in force.
    """
    _require(actor, "claims.approve_policy", _("confirm policies"))
    with transaction.atomic():
        _one_at_a_time()
        if row.proposal.state != ProposalState.APPROVED:
            raise StateConflict(_("The row is not approved yet: approve its proposal first."))
        if row.confirmed or PolicyConfirmation.objects.filter(row=row).exists():
            raise StateConflict(_("The row is confirmed already."))
        if not note.strip():
            raise TransitionRefused(_("Name the copy of the document it was compared with."))
        return PolicyConfirmation.objects.create(row=row, actor=actor, at=at, note=note.strip())


def _move(
    proposal: PolicyProposal, action: str, *, actor: User, at: datetime, note: str
) -> PolicyProposal:
    moved: PolicyProposal = move(
        proposal, action, PROPOSAL_TRANSITIONS, ProposalTransition, actor=actor, at=at, note=note
    )
    return moved


def _require(actor: User | None, permission: str, action: str) -> None:
    if actor is not None and not actor.has_perm(permission):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": action}
        )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def _known(code: str) -> list[PolicyProposal]:
    """What is approved, by version, then what is proposed."""
    open_ones = PolicyProposal.objects.filter(scheme=code, state=ProposalState.PROPOSED)
    return [*approved_proposals(code), *open_ones.order_by("id").prefetch_related("rows")]


def _is_known(value: Value, known: list[PolicyProposal]) -> bool:
    """Whether the last that has been said of the value's key is the same."""
    said = [other for other in values_in(known) if other.key == value.key]
    return bool(said) and value.says_the_same(said[-1])


def _row(proposal: PolicyProposal, value: Value) -> PolicyRow:
    return PolicyRow(
        proposal=proposal,
        layer=value.key.layer,
        parameter=value.key.parameter,
        starts_on=value.key.starts_on,
        value=value.value,
        document_zh=value.basis.document_zh,
        document_en=value.basis.document_en,
        article_zh=value.basis.article_zh,
        article_en=value.basis.article_en,
        confirmed=value.confirmed,
    )


def _parse(data: Mapping[str, Any]) -> None:
    try:
        parse_scheme(data)
    except SchemeError as error:
        raise PolicyInvalid(error.say(reader_language())) from error
