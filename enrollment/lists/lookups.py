"""What an address may narrow a list by."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db.models import BinaryField, Field, JSONField, Model

# What the lists' own links and filters end in; patterns and the like are a search's business.
ENDINGS = frozenset({"exact", "in", "isnull", "gt", "gte", "lt", "lte", "date"})
# Nobody filters by what is sealed, a digest, or many values in one column.
_CLOSED = (ArrayField, BinaryField, JSONField)


class UnreadableAddress(BadRequest):
    """The list cannot be narrowed as its address says."""


def may_narrow(model: type[Model], lookup: str) -> bool:
    """Whether a list of the model may be narrowed by `lookup`, as far as its fields go.

    A name that is no field is left to the list: it may be the parameter of a filter.
    """
    here: type[Model] | None = model
    field: Field | None = None  # type: ignore[type-arg]
    parts = lookup.split("__")
    for place, part in enumerate(parts):
        try:
            found = here._meta.pk if here and part == "pk" else here and here._meta.get_field(part)
        except FieldDoesNotExist:
            found = None
        if found is None:
            return not place or (field is not None and ENDINGS.issuperset(parts[place:]))
        if not isinstance(found, Field) or isinstance(found, _CLOSED):
            return False
        field = found
        related = field.related_model if field.is_relation else None
        here = related if isinstance(related, type) else None
    return True
