"""What must always hold of money and claims, proved anew from the rows.

Each check is one statement that returns what breaks it. The first column says which record,
the others what differs. Nothing here trusts a constraint or a trigger: those are checked too.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.benefit.layers import PAID_COUNTERS
from claims.ledger.correction_checks import CORRECTION_CHECKS
from claims.ledger.invariants import Check
from enrollment.console.findings import Finding

EXAMPLES = 5
APPEND_ONLY = (
    "claims_settledclaim",
    "claims_layerpayment",
    "claims_accumulatormovement",
    "claims_heldclaim",
    "claims_claimtransition",
    "claims_correctiontransition",
    "claims_roundtransition",
    "claims_revision",
    "claims_revisionlayer",
    "claims_overpayment",
    "claims_repaymentplan",
    "claims_instalment",
    "claims_repayment",
    "claims_entry",
    "claims_posting",
    "claims_ordershare",
    "claims_setoff",
    "claims_clearancetransition",
    "claims_batchtransition",
    "claims_bankreturn",
)


_RUN_LAYERS = """
    SELECT s.run_id, s.institution_id, l.layer, l.payer, sum(l.paid) AS amount
      FROM claims_settledclaim s JOIN claims_layerpayment l ON l.settled_id = s.claim_id
     GROUP BY s.run_id, s.institution_id, l.layer, l.payer
"""

# What the bank pays of each share.
_NET_SHARES = """
    SELECT h.id, h.order_id, h.payer, h.layer, h.amount - coalesce(sum(x.amount), 0) AS amount
      FROM claims_ordershare h LEFT JOIN claims_setoff x ON x.share_id = h.id GROUP BY h.id
"""

CHECKS = (
    Check(
        "entries_balance",
        gettext_lazy("Debits equal credits in every entry and book"),
        """SELECT entry_id, book, sum(debit), sum(credit) FROM claims_posting
            GROUP BY entry_id, book HAVING sum(debit) <> sum(credit)""",
    ),
    Check(
        "entries_have_postings",
        gettext_lazy("No entry is empty"),
        """SELECT e.number FROM claims_entry e
            WHERE NOT EXISTS (SELECT 1 FROM claims_posting p WHERE p.entry_id = e.number)""",
    ),
    Check(
        "books_balance",
        gettext_lazy("Debits equal credits in every book"),
        """SELECT book, sum(debit), sum(credit) FROM claims_posting
            GROUP BY book HAVING sum(debit) <> sum(credit)""",
    ),
    Check(
        "settled_once",
        gettext_lazy("No claim is settled twice"),
        """SELECT claim_id, count(*) FROM claims_settledclaim
            GROUP BY claim_id HAVING count(*) > 1
           UNION ALL
           SELECT subject_id, count(*) FROM claims_claimtransition WHERE action = 'settle'
            GROUP BY subject_id HAVING count(*) > 1""",
    ),
    Check(
        "settled_states",
        gettext_lazy("A claim is settled or reversed exactly when it has a result"),
        """SELECT c.number, c.state, s.run_id
             FROM claims_claim c FULL JOIN claims_settledclaim s ON s.claim_id = c.id
            WHERE (c.state IN ('settled', 'reversed')) IS DISTINCT FROM (s.claim_id IS NOT NULL)""",
    ),
    Check(
        "waiting_states",
        gettext_lazy("What waits is exactly what the desks and the night find waiting"),
        """SELECT c.number, c.state, w.state
             FROM (SELECT * FROM claims_claim
                    WHERE state IN ('submitted', 'checked', 'returned', 'approved', 'held')) c
             FULL JOIN claims_waitingclaim w ON w.claim_id = c.id
            WHERE (c.state, c.person_id, c.approved_on)
                  IS DISTINCT FROM (w.state, w.person_id, w.approved_on)""",
    ),
    Check(
        "breakdowns_conserve",
        gettext_lazy("Shares of every result sum to the claim's total"),
        """SELECT c.number, c.total, s.already_paid, s.paid, s.personal, coalesce(l.paid, 0)
             FROM claims_settledclaim s
             JOIN claims_claim c ON c.id = s.claim_id
             LEFT JOIN (SELECT settled_id, sum(paid) AS paid FROM claims_layerpayment
                         GROUP BY settled_id) l ON l.settled_id = s.claim_id
            WHERE s.total <> c.total OR s.already_paid + s.paid + s.personal <> c.total
               OR s.already_paid <> c.already_basic + c.already_critical_illness
                                    + c.already_medical_aid + c.already_poverty
               OR s.paid <> coalesce(l.paid, 0) OR s.paid < 0 OR s.personal < 0
               OR s.in_policy <> c.total - c.excluded - c.over_limit - c.first_self_pay
               OR s.person_id <> c.person_id OR s.institution_id <> c.institution_id
               OR s.source <> c.source OR s.year <> EXTRACT(year FROM c.discharged_on)""",
    ),
    Check(
        "settled_equals_ledger",
        gettext_lazy("Results equal the ledger, by run, institution, layer and payer"),
        f"""WITH results AS (
               SELECT concat_ws(':', r.run_id, r.institution_id, r.layer, r.payer) AS key, r.amount
                 FROM ({_RUN_LAYERS}) r
                 JOIN claims_settlementrun run ON run.id = r.run_id AND run.state = 'posted'),
           booked AS (
               SELECT e.source_key AS key,
                      sum(p.debit) FILTER (WHERE p.account = 'benefit_expense') AS expense,
                      sum(p.credit) FILTER (WHERE p.account = 'benefits_payable') AS payable
                 FROM claims_entry e JOIN claims_posting p ON p.entry_id = e.number
                WHERE e.source = 'settlement' GROUP BY e.source_key)
           SELECT coalesce(r.key, b.key), r.amount, b.expense, b.payable
             FROM results r FULL JOIN booked b ON b.key = r.key
            WHERE r.amount IS DISTINCT FROM b.expense OR r.amount IS DISTINCT FROM b.payable
        """,  # noqa: S608 - constant text
    ),
    Check(
        "settled_equals_orders",
        gettext_lazy("Results equal the payment orders, by run, payee, layer and payer"),
        """WITH results AS (
               SELECT s.run_id, CASE s.source WHEN 'window' THEN s.claim_id END AS claim_id,
                      CASE s.source WHEN 'upload' THEN s.institution_id END AS institution_id,
                      l.layer, l.payer, sum(l.paid) AS amount
                 FROM claims_settledclaim s
                 JOIN claims_layerpayment l ON l.settled_id = s.claim_id
                 JOIN claims_settlementrun run ON run.id = s.run_id AND run.state = 'posted'
                GROUP BY 1, 2, 3, 4, 5),
           ordered AS (
               SELECT o.run_id, o.claim_id, o.institution_id, h.layer, h.payer,
                      sum(h.amount) AS amount
                 FROM claims_paymentorder o JOIN claims_ordershare h ON h.order_id = o.id
                WHERE o.state <> 'replaced' AND o.correction_id IS NULL GROUP BY 1, 2, 3, 4, 5)
           SELECT coalesce(r.run_id, o.run_id), coalesce(r.claim_id, o.claim_id),
                  coalesce(r.institution_id, o.institution_id), r.amount, o.amount
             FROM results r FULL JOIN ordered o
               ON o.run_id = r.run_id AND o.layer = r.layer AND o.payer = r.payer
              AND coalesce(o.claim_id, 0) = coalesce(r.claim_id, 0)
              AND coalesce(o.institution_id, 0) = coalesce(r.institution_id, 0)
            WHERE r.amount IS DISTINCT FROM o.amount""",
    ),
    Check(
        "orders_sum",
        gettext_lazy("Shares of every payment order less set-offs sum to its amount"),
        f"""SELECT o.number, o.amount, sum(h.amount) FROM claims_paymentorder o
             LEFT JOIN ({_NET_SHARES}) h ON h.order_id = o.id
            GROUP BY o.id
           HAVING o.amount IS DISTINCT FROM sum(h.amount) OR min(h.amount) < 0""",  # noqa: S608
    ),
    Check(
        "orders_replaced",
        gettext_lazy("A replaced order has one successor with the same shares"),
        """WITH gross AS (
               SELECT order_id, array_agg((payer, layer, amount)::text ORDER BY payer, layer)
                          AS shares FROM claims_ordershare GROUP BY order_id)
           SELECT o.number, o.state, n.number, n.amount FROM claims_paymentorder o
             LEFT JOIN claims_paymentorder n ON n.replaces_id = o.id
             LEFT JOIN gross g ON n.id IS NOT NULL AND g.order_id = o.id
             LEFT JOIN gross h ON h.order_id = n.id
            WHERE (o.state = 'replaced') IS DISTINCT FROM (n.id IS NOT NULL)
               OR g.shares IS DISTINCT FROM h.shares""",
    ),
    Check(
        "batches_sum",
        gettext_lazy("Orders of every batch sum to its total"),
        """SELECT b.number, b.total, sum(o.amount), b.orders_count, count(o.id)
             FROM claims_paymentbatch b LEFT JOIN claims_paymentorder o ON o.batch_id = b.id
            WHERE b.state <> 'cancelled' GROUP BY b.id
           HAVING b.total IS DISTINCT FROM sum(o.amount) OR b.orders_count <> count(o.id)""",
    ),
    Check(
        "paid_equals_ledger",
        gettext_lazy("Paid orders equal what left the expenditure account, by payer and layer"),
        f"""WITH paid AS (
               SELECT h.payer, h.layer, sum(h.amount) AS amount
                 FROM claims_paymentorder o JOIN ({_NET_SHARES}) h ON h.order_id = o.id
                WHERE o.state = 'paid' GROUP BY h.payer, h.layer
               HAVING sum(h.amount) <> 0),
           booked AS (
               SELECT p.book, p.layer,
                      sum(p.debit) FILTER (WHERE p.account = 'benefits_payable') AS payable,
                      sum(p.credit) FILTER (WHERE p.account = 'expenditure_account') AS bank
                 FROM claims_posting p JOIN claims_entry e ON e.number = p.entry_id
                WHERE e.source = 'bank_return' GROUP BY p.book, p.layer)
           SELECT coalesce(a.payer, b.book), coalesce(a.layer, b.layer), a.amount, b.payable, b.bank
             FROM paid a FULL JOIN booked b ON b.book = a.payer AND b.layer = a.layer
            WHERE a.amount IS DISTINCT FROM b.payable OR a.amount IS DISTINCT FROM b.bank
        """,  # noqa: S608 - constant text
    ),
    Check(
        "accumulators_equal_payments",
        gettext_lazy("Yearly counters equal the layers' payments and lie on the right resident"),
        """SELECT s.claim_id, m.counter, m.amount FROM claims_accumulatormovement m
             JOIN claims_settledclaim s ON s.claim_id = m.settled_id
            WHERE m.person_id <> s.person_id OR m.year <> s.year
           UNION ALL
           SELECT coalesce(l.settled_id, m.settled_id), coalesce(l.layer, m.layer),
                  coalesce(l.paid, 0) - coalesce(m.amount, 0)
             FROM (SELECT settled_id, split_part(counter, '.', 1) AS layer, sum(amount) AS amount
                     FROM claims_accumulatormovement
                    WHERE split_part(counter, '.', 2) = ANY(%s)
                    GROUP BY 1, 2) m
             FULL JOIN (SELECT settled_id, layer, sum(paid) AS paid FROM (
                            SELECT settled_id, layer, paid FROM claims_layerpayment
                            UNION ALL
                            SELECT r.settled_id, v.layer, v.after - v.before
                              FROM claims_revision r
                              JOIN claims_revisionlayer v ON v.revision_id = r.id) AS said
                         GROUP BY settled_id, layer) l
               ON l.settled_id = m.settled_id AND l.layer = m.layer
            WHERE coalesce(l.paid, 0) <> coalesce(m.amount, 0)""",
        (PAID_COUNTERS,),
    ),
    Check(
        "accumulators_not_negative",
        gettext_lazy("No yearly counter is below zero"),
        """SELECT person_id, year, counter, sum(amount) FROM claims_accumulatormovement
            GROUP BY person_id, year, counter HAVING sum(amount) < 0""",
    ),
    Check(
        "unposted_runs_unpaid",
        gettext_lazy("An unfinished run has no entries and no orders yet"),
        """SELECT run.id, o.number FROM claims_settlementrun run
             JOIN claims_paymentorder o ON o.run_id = run.id WHERE run.state <> 'posted'
           UNION ALL
           SELECT run.id, e.source_key FROM claims_settlementrun run
             JOIN claims_entry e ON e.source = 'settlement'
              AND e.source_key LIKE run.id || ':%%' WHERE run.state <> 'posted'""",
        (),
    ),
    Check(
        "append_only",
        gettext_lazy("The tables of record refuse changes"),
        """SELECT wanted.name FROM unnest(%s::text[]) AS wanted (name)
            WHERE NOT EXISTS (
                SELECT 1 FROM pg_trigger t
                 WHERE t.tgrelid = to_regclass(wanted.name) AND t.tgenabled IN ('O', 'A')
                   AND t.tgname LIKE 'pgtrigger_%%append_only%%'
                   AND t.tgtype & 2 = 2 AND t.tgtype & 8 = 8 AND t.tgtype & 16 = 16)""",
        (list(APPEND_ONLY),),
    ),
    *CORRECTION_CHECKS,
)


def verify() -> Iterator[Finding]:
    """Run every check on one snapshot of the database, in order.

    A settlement that is under way or was killed is no violation: its chunks are whole.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for check in CHECKS:
            cursor.execute(check.sql, check.values)
            broken = cursor.fetchall()
            yield Finding(check.name, not broken, _detail(check, broken))
        yield Finding("unfinished_runs", True, _unfinished(cursor))


def _detail(check: Check, broken: list[tuple[Any, ...]]) -> str:
    if not broken:
        return str(check.label)
    examples = "; ".join(
        ", ".join(str(value) for value in row if value is not None) for row in broken[:EXAMPLES]
    )
    return _("Broken: %(check)s. %(count)s cases, such as: %(examples)s") % {
        "check": check.label,
        "count": len(broken),
        "examples": examples,
    }


def _unfinished(cursor: Any) -> str:
    cursor.execute(
        "SELECT r.id, count(s.claim_id) FROM claims_settlementrun r"
        " LEFT JOIN claims_settledclaim s ON s.run_id = r.id"
        " WHERE r.state <> 'posted' GROUP BY r.id"
    )
    rows = cursor.fetchall()
    if not rows:
        return _("Every settlement run is finished and posted")
    run, claims = rows[0]
    return _(
        "Run %(run)s is unfinished: %(claims)s claims are settled and wait for its end. "
        "The next settlement takes it up again"
    ) % {"run": run, "claims": claims}
