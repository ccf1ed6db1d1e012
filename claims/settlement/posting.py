"""The end of a run: ledger entries and payment orders, set by set, in one transaction.

One entry per run × institution × layer × payer, in the payer's own book:

    Dr benefit expense / Cr benefits payable

A window claim's order goes to the resident, an institution's uploads share one order; the
account is copied sealed as it is, nothing is decrypted.
"""

from datetime import datetime
from typing import Any

from django.db import connection

SOURCE = "settlement"

SUMS = """
    SELECT s.institution_id, l.layer, l.payer, sum(l.paid) AS amount,
           concat_ws(':', %(run)s::bigint, s.institution_id, l.layer, l.payer) AS source_key
      FROM claims_settledclaim s JOIN claims_layerpayment l ON l.settled_id = s.claim_id
     WHERE s.run_id = %(run)s
     GROUP BY s.institution_id, l.layer, l.payer
"""
ENTRIES = f"""
    WITH sums AS ({SUMS}),
    entries AS (
        INSERT INTO claims_entry ("on", source, source_key, description, created_at)
        SELECT %(on)s, '{SOURCE}', source_key, %(description)s, %(at)s
          FROM sums ORDER BY institution_id, layer, payer
        RETURNING number, source_key
    )
    INSERT INTO claims_posting (entry_id, book, account, layer, institution_id, debit, credit)
    SELECT e.number, s.payer, side.account, s.layer, s.institution_id,
           CASE WHEN side.debit THEN s.amount ELSE 0 END,
           CASE WHEN side.debit THEN 0 ELSE s.amount END
      FROM entries e JOIN sums s USING (source_key)
     CROSS JOIN (VALUES ('benefit_expense', TRUE), ('benefits_payable', FALSE))
           AS side (account, debit)
     ORDER BY e.number, side.debit DESC
"""  # noqa: S608 - constant text
WINDOW_ORDERS = """
    INSERT INTO claims_paymentorder (number, state, run_id, claim_id, person_id, account_no,
                                     account_name, amount, failure, created_at)
    SELECT lpad(%(run)s::text, 5, '0') || '-'
           || lpad((row_number() OVER (ORDER BY s.claim_id))::text, 6, '0'),
           'pending', %(run)s, s.claim_id, s.person_id, p.account_no, p.account_name, s.paid, '',
           %(at)s
      FROM claims_settledclaim s JOIN enrollment_person p ON p.id = s.person_id
     WHERE s.run_id = %(run)s AND s.source = 'window' AND s.paid > 0
     ORDER BY s.claim_id
"""
WINDOW_SHARES = """
    INSERT INTO claims_ordershare (order_id, payer, layer, amount)
    SELECT o.id, l.payer, l.layer, l.paid
      FROM claims_paymentorder o JOIN claims_layerpayment l ON l.settled_id = o.claim_id
     WHERE o.run_id = %(run)s AND o.replaces_id IS NULL
"""
UPLOAD_ORDERS = """
    INSERT INTO claims_paymentorder (number, state, run_id, institution_id, account_no,
                                     account_name, amount, failure, created_at)
    SELECT lpad(%(run)s::text, 5, '0') || '-J'
           || lpad((row_number() OVER (ORDER BY s.institution_id))::text, 5, '0'),
           'pending', %(run)s, s.institution_id, i.account_no, i.account_name, s.amount, '', %(at)s
      FROM (SELECT institution_id, sum(paid) AS amount FROM claims_settledclaim
             WHERE run_id = %(run)s AND source = 'upload' AND paid > 0
             GROUP BY institution_id) s
      JOIN enrollment_institution i ON i.id = s.institution_id
     ORDER BY s.institution_id
"""
UPLOAD_SHARES = """
    INSERT INTO claims_ordershare (order_id, payer, layer, amount)
    SELECT o.id, l.payer, l.layer, sum(l.paid)
      FROM claims_paymentorder o
      JOIN claims_settledclaim s ON s.run_id = o.run_id AND s.institution_id = o.institution_id
                                AND s.source = 'upload'
      JOIN claims_layerpayment l ON l.settled_id = s.claim_id
     WHERE o.run_id = %(run)s AND o.replaces_id IS NULL AND o.claim_id IS NULL
     GROUP BY o.id, l.payer, l.layer
"""


def post(run_id: int, *, on: Any, at: datetime, description: str) -> None:
    """Write the entries and orders of a run; the caller holds its row and the transaction.

    `on` is the accounting day. Posting a run twice is refused by the database
    (`one_entry_per_event`, `one_first_order_per_claim`).
    """
    values = {"run": run_id, "on": on, "at": at, "description": description}
    with connection.cursor() as cursor:
        for sql in (ENTRIES, WINDOW_ORDERS, WINDOW_SHARES, UPLOAD_ORDERS, UPLOAD_SHARES):
            cursor.execute(sql, values)
