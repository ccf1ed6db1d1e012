"""Claim numbers."""

from datetime import date

from django.db import connection


def next_numbers(day: date, count: int) -> list[str]:
    """`count` new numbers, each the day of entry and a running part: `20261124000123`.

    The running part comes from one sequence and never starts again, so numbers are unique
    whatever the day; a refused entry leaves a gap. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_claim_number') FROM generate_series(1, %s)", [count])
        return [f"{day:%Y%m%d}{running:06d}" for (running,) in cursor.fetchall()]
