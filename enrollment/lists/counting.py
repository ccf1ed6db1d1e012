"""How many rows a list has and what its money adds up to, without reading a whole table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Rows that are counted and summed without being asked.
COUNTED = 5_000


@dataclass(frozen=True)
class Counted:
    """The number of rows of a list: exact up to `COUNTED`, an estimate or a floor above.

    `totals` holds the sum of each money column by its path, in yuan; it is empty when there are
    no such columns or too many rows to add up unasked.
    """

    rows: int
    is_exact: bool
    is_estimate: bool = False
    totals: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """For the foot of the list."""
        if self.is_exact:
            return ngettext("%(number)s record", "%(number)s records", self.rows) % {
                "number": f"{self.rows:,}"
            }
        if self.is_estimate:
            return _("about %(number)s records") % {"number": f"{_rounded(self.rows):,}"}
        return _("more than %(number)s records") % {"number": f"{self.rows:,}"}


def count_rows(rows: QuerySet[Any], money: Sequence[str]) -> Counted:
    """Count, and add up the `money` columns, in one statement that stops after `COUNTED` rows.

    A list without any condition is not counted when the database's own statistics say that it
    is longer: the estimate is shown.
    """
    if not rows.query.where:
        estimate = _estimate(rows)
        if estimate > COUNTED:
            return Counted(estimate, is_exact=False, is_estimate=True)
    # The key of each row is not asked for: the index that finds the rows then answers alone.
    each = "pk" if rows.query.distinct else "each_row"
    bounded = rows.order_by().annotate(each_row=Value(1)).values(each, *money)[: COUNTED + 1]
    figures = bounded.aggregate(counted=Count(each), **_sums(money))
    if figures["counted"] > COUNTED:
        return Counted(COUNTED, is_exact=False)
    return Counted(figures["counted"], is_exact=True, totals=_by_path(money, figures))


def add_up(rows: QuerySet[Any], money: Sequence[str]) -> Counted:
    """Count and add up everything, however long it takes: for who asks for it."""
    whole = rows.order_by().values("pk", *money)
    figures = whole.aggregate(counted=Count("pk"), **_sums(money))
    return Counted(figures["counted"], is_exact=True, totals=_by_path(money, figures))


def _sums(money: Sequence[str]) -> dict[str, Sum]:
    return {f"sum_{place}": Sum(path) for place, path in enumerate(money)}


def _by_path(money: Sequence[str], figures: dict[str, Any]) -> dict[str, Decimal | None]:
    return {path: figures[f"sum_{place}"] for place, path in enumerate(money)}


def _estimate(rows: QuerySet[Any]) -> int:
    """What the last ANALYZE saw in the table; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
            [connection.ops.quote_name(rows.model._meta.db_table)],
        )
        (estimate,) = cursor.fetchone()
    return int(estimate)


def _rounded(count: int) -> int:
    """Two significant digits: an estimate pretends no more.

    >>> _rounded(5_438_112), _rounded(10_400)
    (5400000, 10000)
    """
    step: int = 10 ** (len(str(count)) - 2)
    return (count + step // 2) // step * step
