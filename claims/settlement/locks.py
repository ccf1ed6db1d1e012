"""One driver per settlement, one worker per part: advisory locks of the database session.

They order who works; that nothing is settled twice is proved by the residents' row locks and
the unique key of a result. A killed process loses its locks, because its session ends.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from enrollment.transitions.table import TransitionRefused

_DRIVER = (0x5E77, 0)
_PART = 0x5E78


class SettlementUnderWay(TransitionRefused):
    """Another process is settling at this moment."""


@contextmanager
def driving(*, patience: int = 5) -> Iterator[None]:
    """Be the one process that drives a settlement.

    Tries for `patience` seconds, since the session of a killed process takes a moment to
    end; then raises SettlementUnderWay.
    """
    _notice_dead_clients()
    deadline = time.monotonic() + patience
    while not _try(*_DRIVER):
        if time.monotonic() > deadline:
            raise SettlementUnderWay(
                _("A settlement is under way. Wait until it has finished, then try again.")
            )
        time.sleep(0.1)
    try:
        yield
    finally:
        _release(*_DRIVER)


@contextmanager
def working_on(part_id: int) -> Iterator[None]:
    """Be the one worker on a part; waits while another one has it."""
    _notice_dead_clients()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_PART, part_id])
    try:
        yield
    finally:
        _release(_PART, part_id)


def is_driven() -> bool:
    """Whether a process drives a settlement now."""
    return bool(_held([_DRIVER]))


def parts_in_work(part_ids: list[int]) -> set[int]:
    """Those of the parts that a living worker has in hand."""
    return {part for _kind, part in _held([(_PART, part) for part in part_ids])}


def _held(locks: list[tuple[int, int]]) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT classid::int, objid::int FROM pg_locks WHERE locktype = 'advisory'"
            " AND granted AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database()) AND classid::int = ANY(%s)",
            [sorted({kind for kind, _part in locks})],
        )
        return set(cursor.fetchall()) & set(locks)


def _try(kind: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])


def _release(kind: int, number: int) -> None:
    """Give the lock back; a session that is lost or failed has lost it or will lose it."""
    if connection.connection is None or connection.connection.closed or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


def _notice_dead_clients() -> None:
    """Let the server end the session of a killed process although it waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '1s'")
