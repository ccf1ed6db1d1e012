"""Writing a chunk's results: rows are appended by COPY, states moved set by set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from claims.benefit.scheme import Scheme
from claims.chunks.calculation import Decisions, Hold, SettledRow
from claims.review.holding import stored_reason

SETTLED = (
    "COPY claims_settledclaim (claim_id, run_id, person_id, institution_id, source, year, total,"
    " in_policy, already_paid, paid, personal, steps) FROM STDIN"
)
LAYERS = "COPY claims_layerpayment (settled_id, layer, payer, policy, paid) FROM STDIN"
MOVEMENTS = (
    "COPY claims_accumulatormovement (settled_id, person_id, year, counter, amount) FROM STDIN"
)
MOVE_SETTLED = """
    WITH moved AS (
        UPDATE claims_claim SET state = 'settled', held_reason = ''
         WHERE id = ANY(%(ids)s) AND state = 'approved' RETURNING id
    )
    INSERT INTO claims_claimtransition (subject_id, action, from_state, to_state, at, note, reason)
    SELECT id, 'settle', 'approved', 'settled', %(at)s, '', '' FROM moved
"""
MOVE_HELD = """
    WITH held AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(reasons)s::text[], %(details)s::text[],
                             %(errors)s::boolean[], %(stored)s::text[])
            AS h (claim_id, reason, detail, is_error, stored)
    ), moved AS (
        UPDATE claims_claim c SET state = 'held', held_reason = h.stored
          FROM held h WHERE c.id = h.claim_id AND c.state = 'approved' RETURNING c.id
    ), logged AS (
        INSERT INTO claims_claimtransition
               (subject_id, action, from_state, to_state, at, note, reason)
        SELECT h.claim_id, 'hold', 'approved', 'held', %(at)s, h.detail, h.reason
          FROM moved m JOIN held h ON h.claim_id = m.id
    )
    INSERT INTO claims_heldclaim (run_id, claim_id, reason, detail, is_error, at)
    SELECT %(run)s, h.claim_id, h.reason, h.detail, h.is_error, %(at)s
      FROM moved m JOIN held h ON h.claim_id = m.id
"""


class ChunkChanged(Exception):
    """A claim of the chunk left the state APPROVED although its resident was locked."""


def store(scheme: Scheme, run_id: int, decisions: Decisions, at: datetime) -> None:
    """Write all results of a chunk; the caller holds the transaction and the locks.

    Raises ChunkChanged when a claim is not approved any more; nothing may be kept then.
    """
    if decisions.settled:
        _copy_settled(scheme, run_id, decisions.settled)
        ids = [row.claim_id for row in decisions.settled]
        _move(MOVE_SETTLED, {"ids": ids, "at": at}, len(ids))
    if decisions.held:
        _hold(run_id, decisions.held, at)


def _copy_settled(scheme: Scheme, run_id: int, rows: Sequence[SettledRow]) -> None:
    """COPY results, layer payments and movements; `123e-2` is how fen are written as yuan."""
    layers = [(layer.code, layer.payer) for layer in scheme.layers]
    counters = scheme.counters
    settled: list[str] = []
    payments: list[str] = []
    movements: list[str] = []
    for row in rows:
        claim, person, year, paid = row.claim_id, row.person_id, row.year, sum(row.paid)
        settled.append(
            f"{claim}\t{run_id}\t{person}\t{row.institution_id}\t{row.source}\t{year}\t"
            f"{row.total}e-2\t{row.in_policy}e-2\t{row.already_paid}e-2\t{paid}e-2\t"
            f"{row.total - row.already_paid - paid}e-2\t{row.steps}\n"
        )
        if paid:
            for (layer, payer), policy, fen in zip(layers, row.policies, row.paid, strict=True):
                if fen:
                    payments.append(f"{claim}\t{layer}\t{payer}\t{policy}\t{fen}e-2\n")
        if row.before != row.after:
            for counter, old, new in zip(counters, row.before, row.after, strict=True):
                if old != new:
                    movements.append(f"{claim}\t{person}\t{year}\t{counter}\t{new - old}e-2\n")
    for sql, lines in ((SETTLED, settled), (LAYERS, payments), (MOVEMENTS, movements)):
        if lines:
            # Django does not translate the errors of `copy` by itself.
            with (
                connection.wrap_database_errors,
                connection.cursor() as cursor,
                cursor.copy(sql) as copy,
            ):
                copy.write("".join(lines))


def _hold(run_id: int, holds: Sequence[Hold], at: datetime) -> None:
    values = {
        "ids": [hold.claim_id for hold in holds],
        "reasons": [hold.reason for hold in holds],
        "details": [hold.detail[:300] for hold in holds],
        "errors": [hold.is_error for hold in holds],
        "stored": [stored_reason(hold.reason, hold.detail) for hold in holds],
        "run": run_id,
        "at": at,
    }
    _move(MOVE_HELD, values, len(holds))


def _move(sql: str, values: dict[str, Any], expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.rowcount != expected:
            raise ChunkChanged(f"{expected} claims to move, {cursor.rowcount} moved")
