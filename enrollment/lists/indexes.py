"""Which columns of a table an index can put in order."""

from functools import cache

from django.db.models import Model, UniqueConstraint


@cache
def ordered_by_index(model: type[Model]) -> frozenset[str]:
    """Names and column names of the fields that lead an index over the whole table.

    Indexes with a condition cover some of the rows only and do not count.
    """
    meta = model._meta
    leading = {field.name for field in meta.fields if field.primary_key or field.unique}
    leading |= {field.name for field in meta.fields if getattr(field, "db_index", False)}
    leading |= {
        index.fields[0].lstrip("-")
        for index in meta.indexes
        if index.fields and index.condition is None
    }
    leading |= {
        constraint.fields[0]
        for constraint in meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.fields
        and constraint.condition is None
    }
    columns = {field.attname for field in meta.fields if field.name in leading}
    return frozenset(leading | columns | {"pk"})
