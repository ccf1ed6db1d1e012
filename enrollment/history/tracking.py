"""Which models keep their history.

    @keep_history(of="person", inserts=False)
    class Enrolment(models.Model): ...

Triggers write each change into an append-only table of events beside the model's own, whichever
way the change came: a form, a service, a set-based import, SQL by hand. An event of an update or a
deletion holds the row as it was *before*; what came after is the next event, or the row of
today. So rows that an import brings in by the hundred thousand need no event of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


@dataclass(frozen=True)
class Kept:
    """A model with its events; `of` is the relation to the record whose page shows them.

    A change of `unwatched` fields alone is no event, so what events hold of them is no course.
    """

    model: type[models.Model]
    events: type[models.Model]
    of: str
    unwatched: frozenset[str] = frozenset()


_kept: dict[type[models.Model], Kept] = {}


def keep_history(
    *,
    of: str = "",
    inserts: bool = True,
    unwatched: Sequence[str] = (),
    left_out: Sequence[str] = (),
) -> Callable[[M], M]:
    """Decorate a model whose rows people edit.

    `of` names the relation (`a__b` for two) to the record that the rows belong to. `inserts`
    False leaves the arrival of rows unlogged: for what imports bring. A change of `unwatched`
    fields alone is no event, `left_out` fields are not stored at all.
    """

    def register(model: M) -> M:
        aside = {*unwatched, *left_out}
        watched = [
            field
            for field in model._meta.fields
            if not field.primary_key and field.name not in aside
        ]
        columns = [field.get_attname_column()[1] for field in watched]
        # A statement that sets none of them, as the night's moves do, costs nothing.
        setting = pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]
        trackers: list[pghistory.RowEvent] = [
            pghistory.UpdateEvent(
                row=pghistory.Old,
                operation=setting,
                condition=pgtrigger.AnyChange(*(field.name for field in watched)),
                trigger_name="update_update",
            ),
            pghistory.DeleteEvent(),
        ]
        if inserts:
            trackers.append(pghistory.InsertEvent())
        indexes = []
        if of:
            near = of.partition("__")[0]
            name = f"{model._meta.model_name}_history"
            indexes.append(models.Index(fields=[near, "pgh_id"], name=name))
        events = pghistory.create_event_model(
            model,
            *trackers,
            exclude=list(left_out) or None,
            append_only=True,
            abstract=False,
            meta={"default_permissions": (), "indexes": indexes},
        )
        _kept[model] = Kept(model, events, of, frozenset(unwatched))
        return model

    return register


def keeps_history(model: type[models.Model]) -> bool:
    """Whether the rows of this model keep their history."""
    return model in _kept


def kept_with(model: type[models.Model]) -> list[Kept]:
    """What stands on the history page of a record of this model: its own kind first."""
    own = [kept for kept in _kept.values() if kept.model is model]
    return own + [kept for kept in _kept.values() if kept.of and _owner(kept) is model]


def _owner(kept: Kept) -> type[models.Model]:
    owner: Any = kept.model
    for name in kept.of.split("__"):
        owner = owner._meta.get_field(name).related_model
    found: type[models.Model] = owner
    return found
