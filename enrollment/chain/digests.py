"""Digesting rows: streamed from the database, whatever their number."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection, transaction
from psycopg import sql

from enrollment.chain.tables import CONTEXT, Log

# What the text of a row depends on, fixed for every session that digests.
_TEXT_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)


class Held(Protocol):
    """What a link says about one table."""

    table: str
    columns: str
    after: int
    last: int
    rows: int
    digest: str


@dataclass(frozen=True)
class Digested:
    """How many rows there are, and the SHA-256 of their text in hex."""

    rows: int
    digest: str


@contextmanager
def same_text() -> Iterator[None]:
    """One transaction in which the same row always has the same text."""
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in _TEXT_SETTINGS:
            cursor.execute(setting)
        yield


def digest_rows(log: Log, columns: Sequence[str], after: int, last: int) -> Digested:
    """The rows with keys above `after` up to `last`, in order of key; inside `same_text`.

    Memory does not grow with the rows. The text is that of COPY: one line a row.
    """
    taken = sql.SQL(", ").join(_column(name) for name in columns)
    joined = (
        sql.SQL("LEFT JOIN pghistory_context AS context ON context.id = row.pgh_context_id")
        if CONTEXT in columns
        else sql.SQL("")
    )
    key = sql.Identifier("row", log.key)
    query = sql.SQL(
        "COPY (SELECT {taken} FROM {table} AS row {joined}"
        " WHERE {key} > {after} AND {key} <= {last} ORDER BY {key}) TO STDOUT"
    ).format(
        taken=taken,
        table=sql.Identifier(log.table),
        joined=joined,
        key=key,
        after=sql.Literal(after),
        last=sql.Literal(last),
    )
    sha, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(query) as stream:
        for block in stream:
            sha.update(block)
            rows += bytes(block).count(b"\n")  # a line break inside a value is written as \n
    return Digested(rows, sha.hexdigest())


def digest_link(previous: str, number: int, closed_at: datetime, stretches: Sequence[Held]) -> str:
    """What a link's digest must be: SHA-256 of these lines, in hex."""
    lines = [previous, str(number), closed_at.astimezone(UTC).isoformat(timespec="microseconds")]
    lines += [
        f"{one.table}|{one.columns}|{one.after}|{one.last}|{one.rows}|{one.digest}"
        for one in sorted(stretches, key=lambda one: one.table)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _column(name: str) -> sql.Composable:
    if name == CONTEXT:
        return sql.SQL("context.metadata")
    return sql.Identifier("row", name)
