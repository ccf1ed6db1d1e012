"""One worker per job: an advisory lock of the database session.

A killed process loses its lock, because its session ends: a job that is marked as running and
whose lock is free was interrupted.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

_JOB = 0x1A0B


@contextmanager
def working_on(job_id: int) -> Iterator[bool]:
    """Be the one worker on the job; False when another one has it in hand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_JOB, job_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_JOB, job_id])


def in_work(job_ids: Collection[int]) -> set[int]:
    """Those of the jobs that a living worker has in hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::int = %s AND objid::int = ANY(%s)",
            [_JOB, list(job_ids)],
        )
        return {job_id for (job_id,) in cursor.fetchall()}
