"""A month's reviewed claims into the tables, by COPY, with each step of their way logged.

Every constraint and trigger stays on. Each claim was entered by a clerk (or the upload
account), passed by one reviewer in the morning and approved by the other in the afternoon.
"""

from collections.abc import Sequence

from django.db import connection

from config.demo.year.spool import COLUMNS

_LAST_ID = "SELECT coalesce(max(id), 0) FROM claims_claim"
_NUMBERS = "SELECT nextval('claims_claim_number') FROM generate_series(1, %s)"
_LOG = """
    INSERT INTO claims_claimtransition
        (subject_id, action, from_state, to_state, actor_id, at, note, reason)
    SELECT c.id, step.action, step.from_state, step.to_state, step.actor_id, step.at, '', ''
      FROM claims_claim c
     CROSS JOIN LATERAL (VALUES
        (1, 'submit', '', 'submitted', c.entered_by_id, c.entered_at),
        (2, 'pass_first', 'submitted', 'checked',
         (%(reviewers)s::bigint[])[1 + c.id %% 2],
         (c.approved_on + time '08:40' + c.id %% 190 * interval '1 minute')
            AT TIME ZONE 'Asia/Shanghai'),
        (3, 'approve', 'checked', 'approved',
         (%(reviewers)s::bigint[])[2 - c.id %% 2],
         (c.approved_on + time '14:10' + c.id %% 190 * interval '1 minute')
            AT TIME ZONE 'Asia/Shanghai')
        ) AS step (nth, action, from_state, to_state, actor_id, at)
     WHERE c.id > %(after)s
     ORDER BY c.id, step.nth
"""
_PIECE = 2000


def store_approved(lines: Sequence[str], *, reviewers: tuple[int, int]) -> int:
    """Store the spooled lines as approved claims with their log; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ID)
        (after,) = cursor.fetchone()
        cursor.execute(_NUMBERS, [len(lines)])
        numbers = [running for (running,) in cursor.fetchall()]
        with cursor.copy(f"COPY claims_claim ({COLUMNS}) FROM STDIN") as copy:
            for start in range(0, len(lines), _PIECE):
                piece = slice(start, start + _PIECE)
                copy.write(
                    "".join(
                        line.replace("%s", _number(line, running), 1)
                        for line, running in zip(lines[piece], numbers[piece], strict=True)
                    )
                )
        cursor.execute(_LOG, {"after": after, "reviewers": list(reviewers)})
        cursor.execute("ANALYZE claims_claim, claims_claimtransition")
    return len(lines)


def _number(line: str, running: int) -> str:
    """The day of entry and the running part, as `claims.intake.numbers` makes them."""
    return f"{line[:10].replace('-', '')}{running:06d}"
