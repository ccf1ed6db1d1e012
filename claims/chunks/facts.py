"""What the night must know of a chunk of claims: four statements, whatever its size."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from claims.benefit.scheme import Scheme
from claims.certificates.sets import is_certified
from claims.chunks.calculation import Balances, ClaimRow
from claims.outofarea.sets import effective_filing


@dataclass(frozen=True)
class Slice:
    """Residents with `after` < id ≤ `last`, or one claim of theirs."""

    after: int
    last: int
    claim_id: int | None = None


_WAITING = "state = 'approved' AND approved_on <= %(up_to)s"

NEXT_SLICE = f"""
    SELECT max(person_id), count(*) FROM (
        SELECT person_id FROM claims_waitingclaim
         WHERE {_WAITING} AND person_id > %(after)s AND person_id <= %(last)s
         ORDER BY person_id LIMIT %(size)s
    ) AS waiting
"""  # noqa: S608 - constant text

# Taken in order of id: two workers never wait for each other in a circle.
LOCK_PERSONS = f"""
    SELECT id FROM enrollment_person
     WHERE id IN (SELECT person_id FROM claims_waitingclaim
                   WHERE {_WAITING} AND person_id > %(after)s AND person_id <= %(last)s)
     ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608

# What is calculated with of a claim `c` of institution `i`: a `ClaimRow`.
COLUMNS = f"""
           c.id, c.person_id, c.institution_id, c.source, c.kind, i.level, i.in_county,
           {effective_filing("c", "i")},
           c.discharged_on, (c.total * 100)::bigint, (c.excluded * 100)::bigint,
           (c.over_limit * 100)::bigint, (c.first_self_pay * 100)::bigint,
           EXISTS (SELECT 1 FROM enrollment_enrolment e
                    WHERE e.person_id = c.person_id AND e.status = 'active'
                      AND e.year = EXTRACT(year FROM c.discharged_on)
                      AND c.discharged_on BETWEEN e.starts_on AND e.ends_on),
           EXISTS (SELECT 1 FROM enrollment_agreement a
                     JOIN enrollment_suspension s ON s.agreement_id = a.id
                    WHERE a.institution_id = c.institution_id
                      AND c.discharged_on BETWEEN s.starts_on AND s.ends_on),
           COALESCE((SELECT string_agg(d.kind, ',' ORDER BY d.kind)
                       FROM enrollment_assistanceidentity d
                      WHERE d.person_id = c.person_id AND c.discharged_on >= d.starts_on
                        AND (d.ends_on IS NULL OR c.discharged_on <= d.ends_on)), ''),
           (SELECT p.born_on FROM enrollment_person p WHERE p.id = c.person_id), c.detail,
           (c.already_basic * 100)::bigint, (c.already_critical_illness * 100)::bigint,
           (c.already_medical_aid * 100)::bigint, (c.already_poverty * 100)::bigint,
           {is_certified("c.person_id", "c.kind", "c.discharged_on", "c.diagnosis")}
"""  # noqa: S608 - constant text
FACTS = f"""
    SELECT {COLUMNS}
      FROM claims_waitingclaim w
      JOIN claims_claim c ON c.id = w.claim_id
      JOIN enrollment_institution i ON i.id = c.institution_id
     WHERE w.state = 'approved' AND w.approved_on <= %(up_to)s
       AND w.person_id > %(after)s AND w.person_id <= %(last)s
       AND (%(claim_id)s::bigint IS NULL OR c.id = %(claim_id)s::bigint)
     ORDER BY c.person_id, c.discharged_on, c.number
"""  # noqa: S608

BALANCES = """
    SELECT person_id, year, counter, (sum(amount) * 100)::bigint
      FROM claims_accumulatormovement
     WHERE person_id = ANY(%s) GROUP BY person_id, year, counter
"""


def next_slice(up_to: date, after: int, last: int, size: int) -> Slice | None:
    """The next residents with about `size` waiting claims; None when there are none left.

    All claims of a resident fall into one slice.
    """
    found = _rows(NEXT_SLICE, {"up_to": up_to, "after": after, "last": last, "size": size})
    upper, count = found[0]
    return Slice(after, upper) if count else None


def waiting_persons(up_to: date, part: Slice) -> list[int]:
    """The residents of a slice, by id."""
    sql = (
        f"SELECT DISTINCT person_id FROM claims_waitingclaim WHERE {_WAITING}"  # noqa: S608
        " AND person_id > %(after)s AND person_id <= %(last)s ORDER BY person_id"
    )
    rows = _rows(sql, {"up_to": up_to, "after": part.after, "last": part.last})
    return [person for (person,) in rows]


def lock_persons(up_to: date, part: Slice) -> list[int]:
    """Lock the rows of the slice's residents in order of id; who moves balances holds it."""
    rows = _rows(LOCK_PERSONS, {"up_to": up_to, "after": part.after, "last": part.last})
    return [person for (person,) in rows]


def load_claims(up_to: date, part: Slice) -> list[ClaimRow]:
    """The slice's approved claims in the order of calculation; read after the lock."""
    values = {"up_to": up_to, "after": part.after, "last": part.last, "claim_id": part.claim_id}
    return [ClaimRow._make(row) for row in _rows(FACTS, values)]


def load_balances(scheme: Scheme, persons: list[int]) -> Balances:
    """The sums of the movements; a counter that the scheme does not know is left aside."""
    place = {counter: index for index, counter in enumerate(scheme.counters)}
    balances: dict[tuple[int, int], list[int]] = {}
    for person, year, counter, fen in _rows(BALANCES, [persons]):
        if counter in place:
            balances.setdefault((person, year), scheme.zeros())[place[counter]] = fen
    return balances


def _rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
