"""The history of one record: its changes, those of the rows that belong to it, its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enrollment.access.models import User
from enrollment.desk.tags import Label, Tone
from enrollment.history.tracking import Kept, keeps_history, kept_with
from enrollment.history.values import (
    NOTHING,
    Field,
    Names,
    in_words,
    label_of,
    names_of,
    shown_fields,
)
from enrollment.transitions.models import TransitionRow

# The newest events of each kind of row; older ones stay in the database.
MOST = 200
INSERT, UPDATE, DELETE = "insert", "update", "delete"
# What each says, and its tone.
_ACTIONS: dict[str, tuple[Label, Tone]] = {
    INSERT: (gettext_lazy("added"), Tone.GREEN),
    UPDATE: (gettext_lazy("changed"), Tone.BLUE),
    DELETE: (gettext_lazy("removed"), Tone.RED),
}


@dataclass(frozen=True)
class Change:
    """One field, before and after, in words and masked."""

    label: Label
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event: when, who, by which act; `what` names the row when it only belongs here.

    `note` is the reason that the act asked for, or the line of the admin's own log.
    """

    at: datetime
    who: str
    how: Label
    action: Label
    tone: Tone
    what: str
    changes: Sequence[Change] = ()
    note: str = ""


@dataclass(frozen=True)
class _Step:
    """An event with the row before it and after it; None where there was none."""

    kept: Kept
    event: Any
    before: Any
    after: Any
    fields: list[Field]


def history_of(record: models.Model) -> list[Entry]:
    """The newest first, the steps of a record with a state among them.

    For a model without row history what the admin's own log knows. One statement per kind of row
    and one per kind of related record.
    """
    model = type(record)
    entries = _changed(record) if keeps_history(model) else _logged(record)
    return sorted([*entries, *_moved(record)], key=lambda entry: entry.at, reverse=True)


def steps_of(model: type[models.Model]) -> type[TransitionRow] | None:
    """The log of the model's steps; None for a record that has no state to move."""
    for relation in model._meta.related_objects:
        log = relation.related_model
        if isinstance(log, type) and issubclass(log, TransitionRow):
            return log
    return None


def _changed(record: models.Model) -> list[Entry]:
    model = type(record)
    steps = [step for kept in kept_with(model) for step in _steps(kept, record)]
    names = names_of(_references(steps))
    users = User.objects.in_bulk({_context(step.event).get("user") for step in steps} - {None})
    return [
        entry
        for step in steps
        # A number sealed anew is an event without a change.
        if (entry := _entry(step, model, names, users)).changes or step.event.pgh_label != UPDATE
    ]


@dataclass(frozen=True)
class LastChange:
    """When a record was changed last, and by whom; `who` is empty where nobody is known."""

    at: datetime
    who: str


def last_change_of(record: models.Model) -> LastChange | None:
    """The newest event of the record or of what belongs to it; a statement per kind of row."""
    newest = None
    for kept in kept_with(type(record)):
        where = {"pgh_obj" if kept.model is type(record) else kept.of: record.pk}
        events: Any = kept.events._default_manager.filter(**where).select_related("pgh_context")
        event = events.order_by("-pgh_id").first()
        if event is not None and (newest is None or event.pgh_created_at > newest.pgh_created_at):
            newest = event
    if newest is None:
        return None
    user = User.objects.filter(pk=_context(newest).get("user") or 0).first()
    return LastChange(newest.pgh_created_at, str(user) if user else "")


def _steps(kept: Kept, record: models.Model) -> list[_Step]:
    """Each event of these rows with what stood before and what came after."""
    own = kept.model is type(record)
    where = {"pgh_obj" if own else kept.of: record.pk}
    events: list[Any] = list(
        kept.events._default_manager.filter(**where)
        .select_related("pgh_context")
        .order_by("-pgh_id")[:MOST]
    )
    rows = kept.model._default_manager.in_bulk({event.pgh_obj_id for event in events})
    # The steps say how the state came about; an event would give all moves to its own hand.
    moved = kept.unwatched if steps_of(kept.model) else frozenset()
    without = moved if own else {*moved, kept.of}
    fields = shown_fields(kept.model, kept.events, without=without)
    later: dict[Any, Any] = dict(rows)
    steps = []
    for event in events:
        key = event.pgh_obj_id
        inserted = event.pgh_label == INSERT
        removed = event.pgh_label == DELETE
        before = None if inserted else event
        after = event if inserted else None if removed else later.get(key)
        steps.append(_Step(kept, event, before, after, fields))
        later[key] = event
    return steps


def _references(steps: Iterable[_Step]) -> Iterable[tuple[type[models.Model], Any]]:
    for step in steps:
        for one in step.fields:
            if isinstance(one, models.ForeignKey):
                for row in (step.before, step.after):
                    if row is not None:
                        yield one.related_model, getattr(row, one.attname)


def _entry(step: _Step, model: type[models.Model], names: Names, users: dict[Any, User]) -> Entry:
    context = _context(step.event)
    user = users.get(context.get("user"))
    action, tone = _ACTIONS[step.event.pgh_label]
    changes = [
        Change(label_of(one), *values)
        for one in step.fields
        if (values := _values(one, step, names)) is not None
    ]
    return Entry(
        at=step.event.pgh_created_at,
        who=str(user) if user else "",
        how=_act(context),
        action=action,
        tone=tone,
        what="" if step.kept.model is model else capfirst(str(step.kept.model._meta.verbose_name)),
        changes=changes,
        note=context.get("note", ""),
    )


def _values(one: Field, step: _Step, names: Names) -> tuple[str, str] | None:
    """The field before and after in words; None when it did not change."""
    raw = [None if row is None else getattr(row, one.attname) for row in (step.before, step.after)]
    if raw[0] == raw[1]:
        return None
    before, after = (in_words(one, value, names) for value in raw)
    return None if before == after == NOTHING else (before, after)


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context_id and event.pgh_context else {}


def _act(context: dict[str, Any]) -> str:
    """The command or task that did it; an act on a page is its person's."""
    if "command" in context:
        return _("command %(name)s") % {"name": context["command"]}
    if "task" in context:
        return _("task %(name)s") % {"name": context["task"]}
    return "" if context else _("outside the portal")


def _moved(record: models.Model) -> list[Entry]:
    """The steps of the record, each from state to state."""
    log: Any = steps_of(type(record))
    if log is None:
        return []
    field = type(record)._meta.get_field("state")
    rows = log._default_manager.filter(subject=record).select_related("actor").order_by("-id")
    return [_of_step(row, field) for row in rows[:MOST]]


def _of_step(row: Any, field: Any) -> Entry:
    """One step in words; one that moves nothing, such as an enquiry, is what somebody noted."""
    action, tone = _ACTIONS[UPDATE if row.from_state else INSERT]
    ends = (in_words(field, state, {}) for state in (row.from_state, row.to_state))
    changes = [Change(label_of(field), *ends)]
    if row.from_state == row.to_state:
        action, tone, changes = pgettext_lazy("step", "noted"), Tone.NEUTRAL, []
    return Entry(
        at=row.at,
        who=str(row.actor) if row.actor_id else _("the portal"),
        how="",
        action=action,
        tone=tone,
        what="",
        changes=changes,
        note=row.note,
    )


def _logged(record: models.Model) -> list[Entry]:
    """What the admin's own log has about a record whose model keeps no row history."""
    log = LogEntry.objects.filter(
        content_type=get_content_type_for_model(record), object_id=str(record.pk)
    ).select_related("user")[:MOST]
    return [
        Entry(
            at=one.action_time,
            who=str(one.user),
            how="",
            action=one.get_action_flag_display(),
            tone=Tone.NEUTRAL,
            what="",
            note=one.get_change_message(),
        )
        for one in log
    ]
