"""The table of allowed transitions, and the one function that moves a state.

    CLAIM_TRANSITIONS = TransitionTable(
        Step("approve", (State.CHECKED,), State.APPROVED, "claims.review_second",
             label=_("Approve"), not_by=("submit", "pass_first")),
        ...
    )
    move(claim, "approve", CLAIM_TRANSITIONS, ClaimTransition, actor=user, at=now, note="")

`move` locks the record, checks the permission, the separation of duties and the state,
changes the state by a conditional update and writes the log row, in one transaction. Of two
people who act at once one wins and the other gets `StateConflict`; nothing is doubled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from enrollment.access.models import User


class TransitionRefused(Exception):
    """An action that cannot be done; the message says what, why and what to do next."""


class StateConflict(TransitionRefused):
    """The record is not, or no longer, in a state that allows the action."""


class NotPermitted(TransitionRefused):
    """The person may not do this at all."""


class SecondPersonRequired(TransitionRefused):
    """Another person must do this: the actor has had a hand in the record already."""


class ReasonMissing(TransitionRefused):
    """The action needs a note or a reason code."""


@dataclass(frozen=True)
class Step:
    """One allowed transition.

    Attributes:
        action: its name in the log.
        sources: states from which it is allowed.
        target: the state it leads to.
        permission: `app.codename`, empty for steps that only the portal itself takes.
        label: on its button.
        not_by: actions after which nobody who took one, however long ago, takes this one
            (separation of duties; the queues leave the same people out).
        needs_note: whether a note is required.
        needs_reason: whether a reason code is required.
    """

    action: str
    sources: tuple[str, ...]
    target: str
    permission: str
    label: str | Promise
    not_by: tuple[str, ...] = ()
    needs_note: bool = False
    needs_reason: bool = False


class TransitionTable:
    """All transitions of one kind of record; actions are unique."""

    def __init__(self, *steps: Step) -> None:
        self.steps = {step.action: step for step in steps}
        if len(self.steps) != len(steps):
            raise ValueError("an action stands twice in the table")

    def __getitem__(self, action: str) -> Step:
        return self.steps[action]

    def from_state(self, state: str) -> list[Step]:
        """The steps that leave a state, in table order."""
        return [step for step in self.steps.values() if state in step.sources]


def why_not(
    step: Step, state: str, state_label: str, actor: User | None, past: Iterable[Any]
) -> TransitionRefused | None:
    """The reason why the actor cannot take the step now, or None.

    `past` are the record's transition rows, oldest first. Screens use this to show a button
    disabled with its reason; `move` uses it to refuse.
    """
    if step.permission and (actor is None or not actor.has_perm(step.permission)):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": step.label}
        )
    if state not in step.sources:
        return StateConflict(
            _("“%(action)s” is not possible: the record is now “%(state)s”. Reload the page.")
            % {"action": step.label, "state": state_label}
        )
    if actor is not None and any(
        row.action in step.not_by and row.actor_id == actor.pk for row in past
    ):
        return SecondPersonRequired(
            _("“%(action)s” must be done by someone other than the person who handled it before.")
            % {"action": step.label}
        )
    return None


def move(
    record: Any,
    action: str,
    table: TransitionTable,
    log: type[Any],
    *,
    actor: User | None,
    at: datetime,
    note: str = "",
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Any:
    """Take one step of the table and log it; returns the locked, updated record.

    `changes` are fields of the record that the step sets along with the state, `details`
    further fields of the log row.
    Raises a TransitionRefused and changes nothing when the step is not allowed.
    """
    step = table[action]
    with transaction.atomic():
        manager = type(record)._default_manager
        current = manager.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
        past = log._default_manager.filter(subject=current).order_by("id")
        refused = why_not(step, current.state, current.get_state_display(), actor, past)
        if refused is not None:
            raise refused
        if step.needs_note and not note.strip():
            raise ReasonMissing(_("Say why: the next person needs to know."))
        if step.needs_reason and not reason:
            raise ReasonMissing(_("Choose the reason from the list."))
        from_state = current.state
        current.state = step.target
        for field, value in (changes or {}).items():
            setattr(current, field, value)
        current.save(update_fields=["state", *(changes or ())])
        log._default_manager.create(
            subject=current,
            action=action,
            from_state=from_state,
            to_state=step.target,
            actor=actor,
            at=at,
            note=note,
            reason=reason,
            **(details or {}),
        )
    record.state = current.state
    return current
