"""Where a page begins: the keys of the row before it, sealed into the address.

A page is "the rows after this row in this order", not "the rows from number 50,000 on": it is
found in the index at once however deep it lies, and rows that come in meanwhile neither push
a row onto the next page a second time nor hide one.

The keys may hold a resident's name, so they travel sealed (`enrollment.privacy.crypto`); a
position that was tampered with, or made for another order, is read as no position.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, OrderBy, Q, QuerySet, Value
from django.db.models.expressions import Col

from enrollment.privacy.crypto import UnreadableValue, seal, unseal


@dataclass(frozen=True)
class Key:
    """One column of an order; `path` may cross relations or name an annotation.

    `field` is None for an annotation. Empty values come last in ascending order and first in
    descending order, as PostgreSQL sorts them.
    """

    path: str
    descending: bool
    field: "Field[Any, Any] | None"
    nullable: bool

    @property
    def term(self) -> str:
        """As `order_by` takes it."""
        return f"-{self.path}" if self.descending else self.path

    @property
    def reverse_term(self) -> str:
        """The same the other way round."""
        return self.path if self.descending else f"-{self.path}"


def keys_of(
    model: type[Model], ordering: Sequence[Any], annotations: Mapping[str, Any] | None = None
) -> list[Key]:
    """The order as keys, a relation by what its model is sorted by, the primary key at its end.

    The primary key takes the direction of the key before it, so that one index serves both.
    Terms are names, or `F(…)` with the place that PostgreSQL gives to empty values anyway;
    `annotations` are those of the queryset. Raises ImproperlyConfigured for anything else.
    """
    terms = [_as_text(term) for term in ordering]
    named = annotations or {}
    keys = [_key(model, term.lstrip("-"), term.startswith("-"), named) for term in terms]
    unique = next((place for place, key in enumerate(keys) if _is_unique(model, key)), None)
    if unique is not None:
        return keys[: unique + 1]
    descending = keys[-1].descending if keys else True
    return [*keys, _key(model, model._meta.pk.name, descending, {})]


def position_of(keys: Sequence[Key], row: Sequence[Any]) -> str:
    """The place of a row in the order, by its keys' values, for an address."""
    values = [_plain(value) for value in row]
    text = json.dumps([[key.term for key in keys], values], ensure_ascii=False)
    return base64.urlsafe_b64encode(seal(text)).decode().rstrip("=")


def read_position(keys: Sequence[Key], text: str) -> list[Any] | None:
    """The values of a position; None when it is not one of this order."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        order, values = json.loads(unseal(sealed))
        if order != [key.term for key in keys]:
            return None
        return [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except (binascii.Error, UnreadableValue, ValueError, ValidationError):
        return None


def rows_after(
    rows: QuerySet[Any], keys: Sequence[Key], values: Sequence[Any], *, backwards: bool = False
) -> QuerySet[Any]:
    """The rows behind the position; with `backwards` those before it. The order is not set."""
    if len({key.descending for key in keys}) == 1 and all(
        key.field is not None and not key.nullable for key in keys
    ):
        sign = "<" if keys[0].descending != backwards else ">"
        return rows.filter(_RowComparison(sign, keys, values))
    condition = Q()
    for place, key in enumerate(keys):
        beyond = _beyond(key, values[place], upwards=key.descending == backwards)
        if beyond is None:
            continue
        for earlier, value in zip(keys[:place], values[:place], strict=True):
            beyond &= Q(
                **({f"{earlier.path}__isnull": True} if value is None else {earlier.path: value})
            )
        condition |= beyond
    return rows.filter(condition) if condition else rows.none()


class _RowComparison(Func):
    """`(a, b) > (x, y)`: one condition that one index on both columns answers."""

    conditional = True

    def __init__(self, sign: str, keys: Sequence[Key], values: Sequence[Any]) -> None:
        self.sign = sign
        columns = [F(key.path) for key in keys]
        limits = [
            Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)
        ]
        super().__init__(*columns, *limits, output_field=BooleanField())

    def as_sql(  # type: ignore[override]  # takes no template
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Columns on the left, values on the right."""
        parts = [compiler.compile(part) for part in self.source_expressions]
        half = len(parts) // 2
        left = ", ".join(sql for sql, _params in parts[:half])
        right = ", ".join(sql for sql, _params in parts[half:])
        params = tuple(param for _sql, given in parts for param in given)
        return f"({left}) {self.sign} ({right})", params


def _beyond(key: Key, value: Any, *, upwards: bool) -> Q | None:
    """Rows that lie beyond the value in this key alone; None when nothing can.

    Empty counts as greater than everything, as in PostgreSQL.
    """
    if value is None:
        return None if upwards else Q(**{f"{key.path}__isnull": False})
    if not upwards:
        return Q(**{f"{key.path}__lt": value})
    greater = Q(**{f"{key.path}__gt": value})
    return greater | Q(**{f"{key.path}__isnull": True}) if key.nullable else greater


def _as_text(term: Any) -> str:
    """`F("due_on").desc()` as `-due_on`."""
    if isinstance(term, str):
        return term
    if isinstance(term, OrderBy) and isinstance(term.expression, F):
        name: str = term.expression.name  # type: ignore[attr-defined]  # missing in the stubs
        if not (term.nulls_last if term.descending else term.nulls_first):
            return f"-{name}" if term.descending else name
    raise ImproperlyConfigured(f"a list cannot be paged in the order of {term!r}")


def _key(model: type[Model], path: str, descending: bool, annotations: Mapping[str, Any]) -> Key:
    """Resolve a path of field names, or an annotation."""
    if path in annotations:
        column = annotations[path]
        target = column.target if isinstance(column, Col) else None
        return Key(path, descending, target, nullable=target is None or target.null)
    field: Field[Any, Any] | None = None
    nullable = False
    owner: type[Model] = model
    names = model._meta.pk.name if path == "pk" else path
    resolved: list[str] = []
    for name in names.split("__"):
        try:
            found = owner._meta.get_field(name)
        except FieldDoesNotExist:
            return Key(path, descending, None, nullable=True)
        if not isinstance(found, Field):
            return Key(path, descending, None, nullable=True)
        field = found
        resolved.append(name)
        nullable = nullable or field.null
        if field.is_relation and isinstance(field.related_model, type):
            owner = field.related_model
    if field is not None and field.is_relation and resolved[-1] == field.name:
        first = next((term for term in owner._meta.ordering or () if isinstance(term, str)), None)
        if first is not None:
            return _key(
                model,
                f"{'__'.join(resolved)}__{first.lstrip('-')}",
                descending != (first[0] == "-"),
                {},
            )
        resolved[-1] = field.attname
    return Key("__".join(resolved), descending, field, nullable)


def _is_unique(model: type[Model], key: Key) -> bool:
    """Whether no two rows share this key."""
    return (
        key.field is not None
        and "__" not in key.path
        and not key.nullable
        and (key.field.primary_key or key.field.unique)
        and key.field.model is model
        and not key.field.is_relation
    )


def _plain(value: Any) -> Any:
    """As JSON takes it, exact to the microsecond and the fen."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(key: Key, value: Any) -> Any:
    """As the column has it."""
    return key.field.to_python(value) if key.field is not None and value is not None else value
