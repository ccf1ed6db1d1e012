"""Which tables the chain holds: all whose rows the database refuses to change.

They are found by their triggers, so that a new log is held from its first day.
"""

from dataclasses import dataclass
from typing import Any, cast

import pgtrigger
from django.apps import apps
from django.db import models
from pghistory.models import Context

from enrollment.chain.models import AuditLink, AuditStretch

# Stands for what the context of a history event says: who did it, and by which act.
CONTEXT = "context.metadata"


@dataclass(frozen=True)
class Log:
    """A table that only grows.

    Attributes:
        model: its model.
        table, key: its name and that of its ascending key.
        columns: what is digested of each row, in this order.
        triggers: the names in the database of the triggers that refuse changes.
    """

    model: type[models.Model]
    table: str
    key: str
    columns: tuple[str, ...]
    triggers: tuple[str, ...]


def logs() -> list[Log]:
    """All of them by name of table; the chain itself is not among them."""
    found = [
        _log(model)
        for model in apps.get_models()
        if refusing(model)
        and model not in (AuditLink, AuditStretch)
        and isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    ]
    return sorted(found, key=lambda log: log.table)


def refusing(model: type[models.Model]) -> list[pgtrigger.Trigger]:
    """The triggers of a model that refuse UPDATE and DELETE of its rows; none, it is no log."""
    triggers: list[Any] = list(getattr(model._meta, "triggers", ()))
    return [
        one
        for one in triggers
        if isinstance(one, pgtrigger.Protect)
        and {"UPDATE", "DELETE"} <= set(str(one.operation).split(" OR "))
    ]


def _log(model: type[models.Model]) -> Log:
    fields = model._meta.concrete_fields
    columns = [str(field.column) for field in fields]
    if any(field.related_model is Context for field in fields):
        columns.append(CONTEXT)
    key = model._meta.pk
    return Log(
        model,
        model._meta.db_table,
        str(key.column),
        tuple(columns),
        tuple(one.get_pgid(cast(Any, model)) for one in refusing(model)),
    )
