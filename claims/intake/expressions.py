"""The days of a stay as a range that allows a transfer on the day of discharge."""

from typing import Any

from django.contrib.postgres.fields import IntegerRangeField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class StayRange(models.Func):
    """A stay in half days: what lies between the two days, or the day itself when they are one.

    `[)` over dates would lose a stay of one day: its range is empty and overlaps nothing. Here
    a one-day stay inside another one is found, while discharge and admission on the same
    day (a transfer) do not meet. `claims.intake.stays.stays_overlap` says the same.
    """

    arity = 2
    output_field = IntegerRangeField()

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """`int4range(2a + (a < d), 2d + (a = d))`, days counted from a fixed one."""
        first, last = (compiler.compile(one)[0] for one in self.source_expressions)
        return (
            f"int4range(2 * ({first} - DATE '2000-01-01') + ({first} < {last})::int,"
            f" 2 * ({last} - DATE '2000-01-01') + ({first} = {last})::int)",
            (),
        )
