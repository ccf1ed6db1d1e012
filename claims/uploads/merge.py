"""The staged upload into the tables: a dozen statements, whatever its size."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from claims.certificates.sets import is_certified
from claims.intake.stays import stays_overlap
from claims.uploads import faults
from enrollment.sheets import Reject
from enrollment.values.periods import Period

STAGING = """
DROP TABLE IF EXISTS upload_row, upload_match;
CREATE TEMPORARY TABLE upload_row (
    line integer NOT NULL,
    visit_no varchar(40) COLLATE "C" NOT NULL,
    institution_id bigint NOT NULL,
    id_digest bytea NOT NULL,
    kind varchar(20) NOT NULL,
    admitted_on date,
    discharged_on date NOT NULL,
    diagnosis varchar(100) NOT NULL,
    total numeric(14, 2) NOT NULL,
    excluded numeric(14, 2) NOT NULL,
    over_limit numeric(14, 2) NOT NULL,
    first_self_pay numeric(14, 2) NOT NULL,
    invoice_no varchar(40) COLLATE "C" NOT NULL,
    detail varchar(20) NOT NULL,
    already_basic numeric(14, 2) NOT NULL,
    already_critical_illness numeric(14, 2) NOT NULL,
    already_medical_aid numeric(14, 2) NOT NULL,
    already_poverty numeric(14, 2) NOT NULL
) ON COMMIT DROP
"""

# Each row with its resident and what is known of its visit. A rejected or reversed claim counts as
# known only while it says the same: a corrected row after that is a new claim.
MATCH = """
CREATE TEMPORARY TABLE upload_match ON COMMIT DROP AS
SELECT DISTINCT ON (r.line)
       r.*, p.id AS person_id, c.id AS claim_id, c.number, c.state,
       (c.person_id, c.kind, c.discharged_on, c.diagnosis, c.invoice_no,
        c.total, c.excluded, c.over_limit, c.first_self_pay, c.detail, c.already_basic,
        c.already_critical_illness, c.already_medical_aid, c.already_poverty)
       = (p.id, r.kind, r.discharged_on, r.diagnosis, r.invoice_no,
          r.total, r.excluded, r.over_limit, r.first_self_pay, r.detail, r.already_basic,
          r.already_critical_illness, r.already_medical_aid, r.already_poverty)
       AND c.admitted_on IS NOT DISTINCT FROM r.admitted_on AS same
  FROM upload_row r
  LEFT JOIN enrollment_person p ON p.id_digest = r.id_digest
  LEFT JOIN claims_claim c
    ON c.visit_no = r.visit_no AND c.institution_id = r.institution_id AND c.visit_no <> ''
 ORDER BY r.line, same DESC NULLS LAST, c.state NOT IN ('rejected', 'reversed') DESC, c.id DESC
"""

TAKE_OUT_SAME = "DELETE FROM upload_match WHERE same"
TAKE_OUT_UNKNOWN = "DELETE FROM upload_match WHERE person_id IS NULL RETURNING line"
TAKE_OUT_OTHERWISE = """
DELETE FROM upload_match
 WHERE claim_id IS NOT NULL AND state NOT IN ('returned', 'rejected', 'reversed')
RETURNING line, number, state
"""
TAKE_OUT_UNCOVERED = """
DELETE FROM upload_match m
 WHERE NOT EXISTS (
   SELECT 1 FROM enrollment_enrolment e
    WHERE e.person_id = m.person_id AND e.status = 'active'
      AND e.year = extract(year FROM m.discharged_on)
      AND m.discharged_on BETWEEN e.starts_on AND e.ends_on)
RETURNING line, discharged_on
"""
TAKE_OUT_UNCERTIFIED = f"""
DELETE FROM upload_match m
 WHERE NOT {is_certified("m.person_id", "m.kind", "m.discharged_on", "m.diagnosis")}
RETURNING line, discharged_on, diagnosis
"""  # noqa: S608 - constant text
TAKE_OUT_MEN = """
DELETE FROM upload_match m USING enrollment_person p
 WHERE m.kind = 'maternity' AND p.id = m.person_id AND p.sex <> 'female'
RETURNING m.line
"""
TAKE_OUT_INVOICES = """
DELETE FROM upload_match m USING claims_claim c
 WHERE m.invoice_no <> '' AND c.invoice_no <> '' AND c.invoice_no = m.invoice_no
   AND c.institution_id = m.institution_id AND c.is_live
   AND c.id IS DISTINCT FROM m.claim_id
RETURNING m.line, c.number
"""
STAYS = """
SELECT person_id, line, NULL, admitted_on, discharged_on
  FROM upload_match WHERE kind IN ('inpatient', 'maternity')
 UNION ALL
SELECT c.person_id, 0, c.number, c.admitted_on, c.discharged_on
  FROM claims_claim c
 WHERE c.kind IN ('inpatient', 'maternity') AND c.is_live
   AND c.person_id IN (
         SELECT person_id FROM upload_match WHERE kind IN ('inpatient', 'maternity'))
   AND c.id NOT IN (SELECT claim_id FROM upload_match WHERE claim_id IS NOT NULL)
 ORDER BY 1, 2
"""
TAKE_OUT_LINES = "DELETE FROM upload_match WHERE line = ANY(%(lines)s)"

CREATE = """
WITH claim AS (
  INSERT INTO claims_claim
    (number, source, state, person_id, institution_id, kind, filing, admitted_on, discharged_on,
     diagnosis, invoice_no, visit_no, total, excluded, over_limit, first_self_pay, detail,
     already_basic, already_critical_illness, already_medical_aid, already_poverty,
     entered_by_id, entered_at, held_reason)
  SELECT %(day)s || lpad(running::text, greatest(6, length(running::text)), '0'),
         'upload', 'submitted', person_id, institution_id, kind, 'none', admitted_on,
         discharged_on, diagnosis, invoice_no, visit_no, total, excluded, over_limit,
         first_self_pay, detail, already_basic, already_critical_illness, already_medical_aid,
         already_poverty, %(actor)s, %(at)s, ''
    FROM (SELECT m.*, nextval('claims_claim_number') AS running
            FROM (SELECT * FROM upload_match
                   WHERE state IS DISTINCT FROM 'returned' ORDER BY line) m) numbered
  RETURNING id)
INSERT INTO claims_claimtransition
  (subject_id, action, from_state, to_state, actor_id, at, note, reason)
SELECT id, 'submit', '', 'submitted', %(actor)s, %(at)s, '', '' FROM claim ORDER BY id
"""

# What a reviewer returned and the institution has corrected.
RESUBMIT = """
WITH claim AS (
  UPDATE claims_claim c
     SET state = 'submitted', person_id = m.person_id, kind = m.kind,
         admitted_on = m.admitted_on, discharged_on = m.discharged_on, diagnosis = m.diagnosis,
         invoice_no = m.invoice_no, total = m.total, excluded = m.excluded,
         over_limit = m.over_limit, first_self_pay = m.first_self_pay, detail = m.detail,
         already_basic = m.already_basic,
         already_critical_illness = m.already_critical_illness,
         already_medical_aid = m.already_medical_aid, already_poverty = m.already_poverty
    FROM upload_match m
   WHERE m.state = 'returned' AND c.id = m.claim_id AND c.state = 'returned'
  RETURNING c.id)
INSERT INTO claims_claimtransition
  (subject_id, action, from_state, to_state, actor_id, at, note, reason)
SELECT id, 'resubmit', 'returned', 'submitted', %(actor)s, %(at)s, '', '' FROM claim ORDER BY id
"""


@dataclass(frozen=True)
class Merged:
    """Rows that became claims, corrected one, or said what is stored."""

    created: int
    updated: int
    unchanged: int


def take_out(cursor: CursorWrapper) -> tuple[int, list[Reject]]:
    """Leave in `upload_match` what may be written; returns unchanged rows and rejected ones."""
    cursor.execute(MATCH)
    cursor.execute("CREATE INDEX ON upload_match (line)")
    cursor.execute("ANALYZE upload_match")
    unchanged = _count(cursor, TAKE_OUT_SAME)
    rejected = [faults.unknown_person().at(line) for (line,) in _rows(cursor, TAKE_OUT_UNKNOWN)]
    rejected += [
        faults.uploaded_otherwise(number, state).at(line)
        for line, number, state in _rows(cursor, TAKE_OUT_OTHERWISE)
    ]
    rejected += [
        faults.not_enrolled(day.isoformat()).at(line)
        for line, day in _rows(cursor, TAKE_OUT_UNCOVERED)
    ]
    rejected += [
        faults.no_certificate(day.isoformat(), diagnosis).at(line)
        for line, day, diagnosis in _rows(cursor, TAKE_OUT_UNCERTIFIED)
    ]
    rejected += [faults.mother_is_male().at(line) for (line,) in _rows(cursor, TAKE_OUT_MEN)]
    invoices = dict(_rows(cursor, TAKE_OUT_INVOICES))
    rejected += [faults.invoice_claimed(number).at(line) for line, number in invoices.items()]
    overlapping = list(_overlapping(_rows(cursor, STAYS)))
    cursor.execute(TAKE_OUT_LINES, {"lines": [reject.line for reject in overlapping]})
    return unchanged, sorted([*rejected, *overlapping])


def write(cursor: CursorWrapper, *, actor_id: int, at: datetime, day: date) -> tuple[int, int]:
    """Create and resubmit claims with their log rows; returns how many of each."""
    given = {"actor": actor_id, "at": at, "day": f"{day:%Y%m%d}"}
    updated = _count(cursor, RESUBMIT, given)
    return _count(cursor, CREATE, given), updated


def _overlapping(stays: list[tuple[Any, ...]]) -> Iterator[Reject]:
    """Rows whose stay overlaps one that stands, or an earlier row of the file."""
    standing: defaultdict[int, list[tuple[Period, str]]] = defaultdict(list)
    for person_id, line, number, first, last in stays:
        stay = Period(first, last)
        known = standing[person_id]
        other = next((name for period, name in known if stays_overlap(stay, period)), None)
        if line and other is not None:
            yield faults.overlapping(other).at(line)
        else:
            known.append((stay, faults.row_named(line) if line else faults.claim_named(number)))


def _rows(cursor: CursorWrapper, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())


def _count(cursor: CursorWrapper, sql: str, given: dict[str, Any] | None = None) -> int:
    cursor.execute(sql, given)
    return int(cursor.rowcount)
