"""One worker per run: an advisory lock of the database session.

A killed process loses its lock, because its session ends: a run that is marked as running and
whose lock is free was interrupted.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

_RUN = 0x3F1F


@contextmanager
def working_on(run_id: int) -> Iterator[bool]:
    """Be the one worker on the run; False when another one has it in hand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_RUN, run_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        lost = connection.connection is None or connection.connection.closed
        if mine and not lost and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_RUN, run_id])


def in_work(run_ids: Collection[int]) -> set[int]:
    """Those of the runs that a living worker has in hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::int = %s AND objid::int = ANY(%s)",
            [_RUN, list(run_ids)],
        )
        return {run_id for (run_id,) in cursor.fetchall()}
