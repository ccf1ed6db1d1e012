"""A column's order as people read it: a choice by its process, what is empty last.

The stored code of a choice is English and hidden, and the database puts what is empty first in a
descending order. Both are put right with annotations, which no index serves: on bounded lists only.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, Field, IntegerField, Model, Value, When

from enrollment.lists.keyset import keys_of

# Names of the annotations.
RANK, EMPTY = "shown_rank", "shown_empty"


def is_choice(model: type[Model], path: str) -> bool:
    """Whether the path ends at a field whose code stands for a word."""
    field = _field(model, path)
    return field is not None and bool(field.choices)


def as_read(
    model: type[Model], term: str, annotations: Mapping[str, Any]
) -> tuple[dict[str, Case], list[str]]:
    """What to annotate a queryset with, and the terms of its order, for the order by `term`.

    A choice is sorted as its field declares its choices: that is the order of the process.
    """
    path, sign = term.lstrip("-"), "-" if term.startswith("-") else ""
    added: dict[str, Case] = {}
    terms = [term]
    field = _field(model, path)
    if field is not None and field.choices:
        codes = [code for code, _label in field.flatchoices]
        places = (When(**{path: code}, then=Value(place)) for place, code in enumerate(codes))
        added[RANK] = Case(*places, output_field=IntegerField())
        terms = [f"{sign}{RANK}"]
    (key, *_rest) = keys_of(model, [term], annotations)
    if sign and key.nullable:
        empty = When(**{f"{path}__isnull": True}, then=Value(1))
        added[EMPTY] = Case(empty, default=Value(0), output_field=IntegerField())
        terms.insert(0, EMPTY)
    return added, terms


def _field(model: type[Model], path: str) -> "Field[Any, Any] | None":
    try:
        field = get_fields_from_path(model, path)[-1]
    except (FieldDoesNotExist, NotRelationField):
        return None
    return field if isinstance(field, Field) else None
