"""The database's planner, made to believe that small tables are large.

Plans depend on statistics alone: with the row counts of a large city and the distributions of
the test's own rows the planner decides as it would there.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Model

_INDEXES = """
SELECT c.relname, pg_relation_size(c.oid) / 8192, c.reltuples FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND i.indpred IS NOT NULL
"""


def pretend_rows(model: type[Model], rows: int) -> None:
    """Let the planner plan as if the model's table held so many rows like those it holds.

    Until the end of the transaction; the table must hold some rows.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ANALYZE "{table}"')
        cursor.execute(
            "SELECT pg_relation_size(oid) / 8192, reltuples FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        pages, real = cursor.fetchone()
        assert real > 0, f"{table} is empty: its statistics would say nothing"
        _pretend(cursor, table, pages, rows)
        cursor.execute(_INDEXES, [table])
        for name, index_pages, entries in cursor.fetchall():
            _pretend(cursor, name, index_pages, max(entries, 0) * rows / real)


def plan_of(sql: str) -> dict[str, Any]:
    """The plan of a statement as it was logged."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    ((plan,),) = [json.loads(found) if isinstance(found, str) else found]
    top: dict[str, Any] = plan["Plan"]
    return top


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes from the top down."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def _pretend(cursor: Any, name: str, pages: int, rows: float) -> None:
    cursor.execute(
        "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', %s::text,"
        " 'relpages', %s::integer, 'reltuples', %s::real)",
        [name, pages, rows],
    )
