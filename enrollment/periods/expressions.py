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

    def replace_expressions(self, replacements: Any) -> Any:
        """Put the record's values in place when it is validated before saving.

        Django knows a relation by its field's name alone: `person_id` would stay the column,
        and every record would seem to overlap with those of all other owners.
        """
        columns: dict[Any, Any] = {
            models.F(f"{known.name}_id"): value  # type: ignore[attr-defined]  # missing in the stubs
            for known, value in replacements.items()
            if isinstance(known, models.F)
        }
        return super().replace_expressions(columns | replacements)


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
