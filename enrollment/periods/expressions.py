"""Range expressions for exclusion constraints.

The embedded PostgreSQL has no `btree_gist`, so an id is compared as the one-element range
`int8range(id, id, '[]')` beside the period's `daterange`.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models


class DateRange(models.Func):
    """`daterange(first, last, bounds)`; an empty end is open."""

    function = "daterange"
    output_field = DateRangeField()


class IdRange(models.Func):
    """A one-element `int8range`."""

    function = "int8range"
    output_field = BigIntegerRangeField()


def no_overlap(  # noqa: D417
    name: str,
    owner: str,
    message: Any,
    *,
    days: Sequence[str] = ("starts_on", "ends_on"),
    bounds: str = "[]",
    condition: models.Q | None = None,
) -> ExclusionConstraint:
    """Periods of one owner may not share a day (both ends inclusive unless `bounds` differ).

    Args:
        owner: the column of the owning id, such as `person_id`.
        message: shown to the person who tries.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            (IdRange(owner, owner, models.Value("[]")), RangeOperators.OVERLAPS),
            (DateRange(*days, models.Value(bounds)), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
    )
