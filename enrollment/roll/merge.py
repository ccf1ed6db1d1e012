"""The staged roll into the tables: a handful of statements, whatever its size.

Table by table: households, residents, account changes, enrolments, identities. Constraints
and triggers stay on. An empty cell says nothing: what is stored stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

# From so many new residents on, the planner is told of them before the references are checked.
MANY = 10_000
# At the commit each new row's references are looked up. While the import ran, autovacuum may have
# looked at the tables, seen none of its rows and noted that they are empty: the plan made from
# that reads a whole index for every row, and the commit of a county's first roll takes hours.
STATISTICS = "ANALYZE enrollment_household, enrollment_person"
STAGING = """
CREATE TEMPORARY TABLE roll_row (
    line integer NOT NULL,
    id_digest bytea NOT NULL,
    last4_digest bytea NOT NULL,
    id_number bytea NOT NULL,
    name varchar(60) COLLATE "C" NOT NULL,
    initials varchar(60) COLLATE "C" NOT NULL,
    sex varchar(6) NOT NULL,
    born_on date NOT NULL,
    division varchar(12) COLLATE "C" NOT NULL,
    household_no varchar(32) COLLATE "C" NOT NULL,
    category varchar(20) NOT NULL,
    phone bytea NOT NULL,
    phone_digest bytea NOT NULL,
    account_no bytea NOT NULL,
    account_name varchar(60) NOT NULL,
    account_digest bytea NOT NULL,
    paid numeric(14, 2),
    paid_on date
) ON COMMIT DROP
"""

# Enrolled this year already, in another township: a second enrolment.
ELSEWHERE = """
DELETE FROM roll_row AS r
USING enrollment_person AS p
JOIN enrollment_enrolment AS e
  ON e.person_id = p.id AND e.year = %(year)s AND e.status = 'active'
WHERE p.id_digest = r.id_digest
  AND substr(p.division_id, 1, 9) <> substr(r.division, 1, 9)
RETURNING r.line, p.division_id
"""

# A household lies where its first member in the file lives.
HOUSEHOLDS = """
INSERT INTO enrollment_household AS h (number, division_id)
SELECT DISTINCT ON (household_no) household_no, division
FROM roll_row WHERE household_no <> ''
ORDER BY household_no, line
ON CONFLICT (number) DO UPDATE SET division_id = EXCLUDED.division_id
WHERE h.division_id <> EXCLUDED.division_id
"""

# What each row means for what is stored; new residents get their ids here.
MATCH = """
CREATE TEMPORARY TABLE roll_match ON COMMIT DROP AS
SELECT r.line,
    coalesce(p.id, nextval(pg_get_serial_sequence('enrollment_person', 'id'))) AS person_id,
    p.id IS NULL AS is_new,
    h.id AS household_id,
    e.id AS enrolment_id,
    r.account_digest <> '' AND r.account_digest <> p.roll_account_digest AS account_changed,
    r.phone_digest <> '' AND r.phone_digest <> p.roll_phone_digest AS phone_changed,
    r.name <> p.name OR r.division <> p.division_id
        OR (h.id IS NOT NULL AND h.id IS DISTINCT FROM p.household_id) AS facts_changed,
    e.category <> r.category
        OR (r.paid IS NOT NULL AND r.paid IS DISTINCT FROM e.paid)
        OR (r.paid_on IS NOT NULL AND r.paid_on IS DISTINCT FROM e.paid_on) AS terms_changed,
    r.category <> 'ordinary' AND NOT EXISTS (
        SELECT FROM enrollment_assistanceidentity AS i
        WHERE i.person_id = p.id AND i.kind = r.category
          AND i.starts_on <= %(last)s AND (i.ends_on IS NULL OR i.ends_on >= %(first)s)
    ) AS identity_missing
FROM roll_row AS r
LEFT JOIN enrollment_person AS p ON p.id_digest = r.id_digest
LEFT JOIN enrollment_household AS h ON r.household_no <> '' AND h.number = r.household_no
LEFT JOIN enrollment_enrolment AS e
  ON e.person_id = p.id AND e.year = %(year)s AND e.status = 'active'
ORDER BY r.line
"""

COUNTS = """
SELECT count(*) FILTER (WHERE enrolment_id IS NULL),
    count(*) FILTER (WHERE enrolment_id IS NOT NULL AND (account_changed OR phone_changed
        OR facts_changed OR terms_changed OR identity_missing)),
    count(*)
FROM roll_match
"""

NEW_PERSONS = """
INSERT INTO enrollment_person (
    id, id_number, id_digest, last4_digest, name, initials, sex, born_on, division_id,
    household_id, phone, account_no, account_name, roll_phone_digest, roll_account_digest)
SELECT person_id, id_number, id_digest, last4_digest, name, initials, sex, born_on, division,
    household_id, phone, account_no, account_name, phone_digest, account_digest
FROM roll_match JOIN roll_row USING (line) WHERE is_new
"""

ACCOUNT_CHANGES = """
INSERT INTO enrollment_accountchange (
    person_id, old_account_no, old_account_name, new_account_no, new_account_name, at)
SELECT p.id, p.account_no, p.account_name, r.account_no, r.account_name, %(at)s
FROM roll_match AS m
JOIN roll_row AS r USING (line)
JOIN enrollment_person AS p ON p.id = m.person_id
WHERE NOT m.is_new AND m.account_changed
ORDER BY line
"""

CHANGED_PERSONS = """
UPDATE enrollment_person AS p SET
    name = r.name,
    initials = r.initials,
    division_id = r.division,
    household_id = coalesce(m.household_id, p.household_id),
    phone = CASE WHEN m.phone_changed THEN r.phone ELSE p.phone END,
    roll_phone_digest = CASE WHEN m.phone_changed THEN r.phone_digest
        ELSE p.roll_phone_digest END,
    account_no = CASE WHEN m.account_changed THEN r.account_no ELSE p.account_no END,
    account_name = CASE WHEN m.account_changed THEN r.account_name ELSE p.account_name END,
    roll_account_digest = CASE WHEN m.account_changed THEN r.account_digest
        ELSE p.roll_account_digest END
FROM roll_match AS m JOIN roll_row AS r USING (line)
WHERE p.id = m.person_id AND NOT m.is_new
  AND (m.facts_changed OR m.phone_changed OR m.account_changed)
"""

# A newborn is covered from birth.
NEW_ENROLMENTS = """
INSERT INTO enrollment_enrolment (
    person_id, year, category, status, starts_on, ends_on, paid, paid_on)
SELECT person_id, %(year)s, category, 'active', greatest(%(first)s, born_on), %(last)s, paid,
    paid_on
FROM roll_match JOIN roll_row USING (line) WHERE enrolment_id IS NULL
"""

CHANGED_ENROLMENTS = """
UPDATE enrollment_enrolment AS e SET
    category = r.category,
    paid = coalesce(r.paid, e.paid),
    paid_on = coalesce(r.paid_on, e.paid_on)
FROM roll_match AS m JOIN roll_row AS r USING (line)
WHERE e.id = m.enrolment_id AND m.terms_changed
"""

NEW_IDENTITIES = """
INSERT INTO enrollment_assistanceidentity (person_id, kind, starts_on, ends_on, document)
SELECT person_id, category, %(first)s, %(last)s, ''
FROM roll_match JOIN roll_row USING (line) WHERE identity_missing
"""

MERGE = (
    NEW_PERSONS,
    ACCOUNT_CHANGES,
    CHANGED_PERSONS,
    NEW_ENROLMENTS,
    CHANGED_ENROLMENTS,
    NEW_IDENTITIES,
)

# Two rolls at once would wait for each other's rows in unlike order: the second waits here.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('enrollment.roll'))"


@dataclass(frozen=True)
class Merged:
    """How many rows of the roll did what."""

    created: int
    updated: int
    unchanged: int


def prepare(cursor: CursorWrapper) -> None:
    """Wait for another import to end, then make the staging table."""
    cursor.execute(ONE_AT_A_TIME)
    # Whole tables meet whole tables that nobody has counted yet: hash joins always, since a
    # nested loop chosen on a wrong guess takes hours; and compiling plans costs more than it
    # saves here. All three end with the transaction.
    cursor.execute(
        "SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off"
    )
    cursor.execute(STAGING)


def take_out_second_enrolments(cursor: CursorWrapper, year: int) -> list[tuple[int, str]]:
    """Remove rows of people enrolled this year in another township: (line, division code)."""
    cursor.execute(ELSEWHERE, {"year": year})
    return sorted(cursor.fetchall())


def merge(cursor: CursorWrapper, year: int, at: datetime) -> Merged:
    """Bring households, residents, enrolments and identities in line with the staged rows."""
    values: dict[str, Any] = {
        "year": year,
        "first": f"{year}-01-01",
        "last": f"{year}-12-31",
        "at": at,
    }
    cursor.execute(HOUSEHOLDS)
    cursor.execute(MATCH, values)
    cursor.execute(COUNTS)
    created, updated, rows = cursor.fetchone()
    for statement in MERGE:
        cursor.execute(statement, values)
    if created >= MANY:
        cursor.execute(STATISTICS)
    cursor.execute("DROP TABLE roll_match, roll_row")
    return Merged(created, updated, rows - created - updated)


def copy_lines(cursor: CursorWrapper, names: tuple[str, ...], lines: Iterator[str]) -> None:
    """Stream COPY text into the staging table, in pieces of a few hundred rows."""
    with cursor.copy(f"COPY roll_row ({', '.join(names)}) FROM STDIN") as copy:
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == 500:
                copy.write("".join(batch))
                batch.clear()
        copy.write("".join(batch))
