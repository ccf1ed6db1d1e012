"""The same step for many records at once: set-based, with the same refusals as `move`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.transitions.table import ReasonMissing, TransitionTable, why_not

# Records that one statement locks and changes.
CHUNK = 2_000


@dataclass
class Moved:
    """What became of the records: `done` were moved, `refused` were not, each with why."""

    done: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


Check = Callable[[Sequence[Any]], Mapping[int, str]]


def move_many(
    records: QuerySet[Any],
    pks: Collection[int],
    action: str,
    table: TransitionTable,
    log: type[Any],
    *,
    actor: User | None,
    at: datetime,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    check: Check | None = None,
) -> Moved:
    """Take one step for each record whose turn it is; the others stay and say why.

    Permission, separation of duties and state are asked for each record, as `move` asks
    them; `check` gets the records that may move and returns refusals by primary key. Rows
    are locked in order of their key. Each chunk of 2,000 is a transaction of its own: killed
    half-way, whole chunks are done, and doing it again takes up the rest. Ten statements at
    most for a chunk. Raises ReasonMissing when the step needs a note.
    """
    step = table[action]
    if step.needs_note and not note.strip():
        raise ReasonMissing(_("Say why: the next person needs to know."))
    moved = Moved()
    wanted = sorted(set(pks))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        with transaction.atomic():
            locked = list(
                records.filter(pk__in=chunk)
                .order_by("pk")
                .select_for_update(no_key=True, of=("self",))
            )
            past = _past(log, chunk, step.not_by)
            ready = []
            for record in locked:
                refused = why_not(
                    step, record.state, record.get_state_display(), actor, past[record.pk]
                )
                if refused is not None:
                    moved.refused.append((record, str(refused)))
                else:
                    ready.append(record)
            objections = check(ready) if check is not None and ready else {}
            moved.refused += [(one, objections[one.pk]) for one in ready if one.pk in objections]
            going = [one for one in ready if one.pk not in objections]
            rows = [
                log(
                    subject=record,
                    action=action,
                    from_state=record.state,
                    to_state=step.target,
                    actor=actor,
                    at=at,
                    note=note,
                )
                for record in going
            ]
            type_manager = records.model._default_manager
            type_manager.filter(pk__in=[one.pk for one in going]).update(
                state=step.target, **(changes or {})
            )
            log._default_manager.bulk_create(rows)
        for record in going:
            record.state = step.target
        moved.done += going
    return moved


def _past(log: type[Any], pks: Sequence[int], actions: Sequence[str]) -> dict[int, list[Any]]:
    """The log rows that separate duties, by record, oldest first."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    if actions:
        rows = log._default_manager.filter(subject_id__in=pks, action__in=actions)
        for row in rows.only("subject_id", "action", "actor_id").order_by("id"):
            found[row.subject_id].append(row)
    return found
