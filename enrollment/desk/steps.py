"""The steps of a transition table as the buttons of a record's page.

def object_actions(self, request, obj):
user = staff_of(request)
prefix = "admin:claims_correction"
return step_actions(obj, CORRECTION_TRANSITIONS, DECISION_TONES, prefix, user)
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from enrollment.access.models import User
from enrollment.desk.admin import ObjectAction
from enrollment.desk.tags import Label, Tone
from enrollment.transitions.table import (
    NotPermitted,
    TransitionRefused,
    TransitionTable,
    why_not,
)

# What becomes of a proposal, in the order of the buttons.
DECISION_TONES = {"approve": Tone.GREEN, "reject": Tone.RED, "withdraw": Tone.NEUTRAL}


def offer(
    label: Label,
    url: str,
    refused: TransitionRefused | None,
    *,
    tone: Tone = Tone.NEUTRAL,
    reason: Label = "",
) -> list[ObjectAction]:
    """The button of one act: none for a role that never has it, disabled with the reason else.

    `refused` is why this person cannot do it now; `reason` says it shorter.
    """
    if isinstance(refused, NotPermitted):
        return []
    why = "" if refused is None else str(reason or refused)
    return [ObjectAction(label=label, url=url, enabled=refused is None, reason=why, tone=tone)]


def step_actions(
    record: Any,
    table: TransitionTable,
    tones: Mapping[str, Tone],
    prefix: str,
    user: User,
    *,
    keeps_passed: bool = False,
) -> list[ObjectAction]:
    """A button for each step that `tones` names, in its order, as far as the role includes it.

    The address of a step is `prefix_action`. A step that another person must take is shown
    disabled with the reason. Steps that do not start at the record's state are left out;
    with `keeps_passed` they are shown too, disabled. At most one statement.
    """
    offered = [
        step
        for step in (table[action] for action in tones)
        if user.has_perm(step.permission) and (keeps_passed or record.state in step.sources)
    ]
    past = list(record.transitions.order_by("pk")) if any(one.not_by for one in offered) else []
    refusals = {
        step.action: why_not(step, record.state, record.get_state_display(), user, past)
        for step in offered
    }
    return [
        ObjectAction(
            label=str(step.label),
            url=reverse(f"{prefix}_{step.action}", args=[record.pk]),
            enabled=refusals[step.action] is None,
            reason=str(refusals[step.action] or ""),
            tone=tones[step.action],
        )
        for step in offered
    ]
