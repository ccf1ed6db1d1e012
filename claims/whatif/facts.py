"""A year's settled claims out of the database, in the order of calculation, a few at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from claims.chunks.calculation import ClaimRow
from claims.chunks.facts import COLUMNS
from claims.whatif.comparison import Fact

# Rows that are in memory at a time.
FETCH = 2_000

YEAR = f"""
    SELECT {COLUMNS}, p.born_on
      FROM claims_settledclaim s
      JOIN claims_claim c ON c.id = s.claim_id
      JOIN enrollment_institution i ON i.id = c.institution_id
      JOIN enrollment_person p ON p.id = c.person_id
     WHERE s.year = %(year)s AND c.state = 'settled'
       AND (%(person)s::bigint IS NULL OR c.person_id = %(person)s::bigint)
     ORDER BY c.person_id, c.discharged_on, c.number
"""  # noqa: S608 - constant text

COUNT = """
    SELECT count(*) FROM claims_settledclaim s JOIN claims_claim c ON c.id = s.claim_id
     WHERE s.year = %(year)s AND c.state = 'settled'
"""

# What was settled and what corrections have changed since, by layer and payer.
PAID = """
    SELECT layer, payer, (sum(fen))::bigint FROM (
        SELECT l.layer, l.payer, l.paid * 100 AS fen
          FROM claims_settledclaim s JOIN claims_layerpayment l ON l.settled_id = s.claim_id
         WHERE s.year = %(year)s
        UNION ALL
        SELECT v.layer, v.payer, (v.after - v.before) * 100
          FROM claims_settledclaim s JOIN claims_revision r ON r.settled_id = s.claim_id
          JOIN claims_revisionlayer v ON v.revision_id = r.id
         WHERE s.year = %(year)s
    ) AS paid GROUP BY layer, payer ORDER BY layer, payer
"""
YEARS = "SELECT DISTINCT year FROM claims_settledclaim ORDER BY year DESC"


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for everything inside, without writing.

    Inside another transaction it is that transaction's view.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def stream_year(year: int, person_id: int | None = None) -> Iterator[Fact]:
    """The year's settled claims (or one resident's), through a cursor on the server.

    Inside `snapshot`. Coverage and suspensions were the settlement's question: whatever was
    settled is calculated. A claim that a correction took back is no claim of the year.
    """
    with connection.cursor() as cursor:
        # All rows are wanted: the plan that is fastest for the first few is not.
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(YEAR, {"year": year, "person": person_id})
        while rows := cursor.fetchmany(FETCH):
            for *facts, born_on in rows:
                claim = ClaimRow._make(facts)
                if not claim.covered or claim.suspended:
                    claim = claim._replace(covered=True, suspended=False, certified=True)
                yield Fact(claim, born_on)


def count_year(year: int) -> int:
    """How many claims `stream_year` gives."""
    return int(_rows(COUNT, {"year": year})[0][0])


def paid_in_year(year: int) -> list[tuple[str, str, int]]:
    """What is paid for the year's claims, corrections included: layer, payer, fen."""
    return [(layer, payer, fen) for layer, payer, fen in _rows(PAID, {"year": year})]


def settled_years() -> list[int]:
    """The benefit years that have settled claims, the latest first."""
    return [year for (year,) in _rows(YEARS)]


def _rows(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
