"""One worker per round: an advisory lock of the database session, lost when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_ROUND = 0x4C07


@contextmanager
def working_on(round_id: int) -> Iterator[bool]:
    """Be the one worker on the round; False when another one has it in hand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_ROUND, round_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_ROUND, round_id])


def is_in_work(round_id: int) -> bool:
    """Whether a living worker has the round in hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::int = %s AND objid::int = %s)",
            [_ROUND, round_id],
        )
        return bool(cursor.fetchone()[0])
