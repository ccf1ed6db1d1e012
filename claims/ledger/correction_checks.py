"""What must hold of corrections, proved anew from the rows; part of `claims.ledger.checks`."""

from django.utils.translation import gettext_lazy

from claims.ledger.invariants import Check

# The differences of approved corrections with who was paid: the resident for a window claim,
# the institution for an upload.
_DIFFERENCES = """
    SELECT r.correction_id, s.institution_id AS place, v.layer, v.payer,
           CASE s.source WHEN 'window' THEN s.person_id END AS person_id,
           CASE s.source WHEN 'upload' THEN s.institution_id END AS institution_id,
           v.after - v.before AS difference
      FROM claims_revision r
      JOIN claims_revisionlayer v ON v.revision_id = r.id
      JOIN claims_settledclaim s ON s.claim_id = r.settled_id
"""

CORRECTION_CHECKS = (
    Check(
        "revisions_chain",
        gettext_lazy("Every revised result starts from the one before it and conserves the total"),
        """WITH said AS (
               SELECT r.id, r.settled_id, r.number, r.correction_id, r.paid_before, r.paid,
                      r.personal, sum(v.before) AS layers_before, sum(v.after) AS layers_after
                 FROM claims_revision r
                 LEFT JOIN claims_revisionlayer v ON v.revision_id = r.id GROUP BY r.id)
           SELECT s.claim_id, r.number, r.paid_before, r.paid, r.personal
             FROM said r
             JOIN claims_settledclaim s ON s.claim_id = r.settled_id
             JOIN claims_correction c ON c.id = r.correction_id
             LEFT JOIN claims_revision p
               ON p.settled_id = r.settled_id AND p.number = r.number - 1
            WHERE r.paid + r.personal <> s.total - s.already_paid OR c.state <> 'approved'
               OR c.person_id <> s.person_id OR c.year <> s.year
               OR (r.number > 1 AND p.id IS NULL)
               OR r.paid_before <> coalesce(p.paid, s.paid)
               OR r.paid_before <> coalesce(r.layers_before, 0)
               OR r.paid <> coalesce(r.layers_after, 0)
           UNION ALL
           SELECT r.settled_id, r.number, v.before, before.paid, NULL
             FROM claims_revision r
             JOIN claims_revisionlayer v ON v.revision_id = r.id
             LEFT JOIN claims_revision p
               ON p.settled_id = r.settled_id AND p.number = r.number - 1
             LEFT JOIN LATERAL (
                 SELECT l.paid FROM claims_layerpayment l
                  WHERE p.id IS NULL AND l.settled_id = r.settled_id AND l.layer = v.layer
                    AND l.payer = v.payer
                 UNION ALL
                 SELECT o.after FROM claims_revisionlayer o
                  WHERE o.revision_id = p.id AND o.layer = v.layer AND o.payer = v.payer
             ) AS before ON TRUE
            WHERE v.before <> coalesce(before.paid, 0)""",
    ),
    Check(
        "reversed_states",
        gettext_lazy("A claim is in state reversed exactly when its last result takes it back"),
        """SELECT c.number, c.state, r.number, r.is_reversed
             FROM claims_claim c
             LEFT JOIN LATERAL (
                 SELECT number, is_reversed FROM claims_revision
                  WHERE settled_id = c.id ORDER BY number DESC LIMIT 1) r ON TRUE
            WHERE (c.state = 'reversed' OR r.is_reversed)
              AND (c.state = 'reversed') IS DISTINCT FROM coalesce(r.is_reversed, FALSE)""",
    ),
    Check(
        "corrections_equal_preview",
        gettext_lazy("An approved correction changes what its preview says, any other nothing"),
        """SELECT c.id, c.state, jsonb_array_length(c.preview), count(r.id)
             FROM claims_correction c LEFT JOIN claims_revision r ON r.correction_id = c.id
            GROUP BY c.id
           HAVING count(r.id) <> CASE c.state WHEN 'approved'
                                 THEN jsonb_array_length(c.preview) ELSE 0 END""",
    ),
    Check(
        "corrections_equal_ledger",
        gettext_lazy("Corrections equal the ledger, by institution, layer and payer"),
        f"""WITH results AS (
               SELECT concat_ws(':', d.correction_id, d.place, d.layer, d.payer) AS key,
                      coalesce(sum(d.difference) FILTER (WHERE d.difference > 0), 0) AS more,
                      coalesce(-sum(d.difference) FILTER (WHERE d.difference < 0), 0) AS less
                 FROM ({_DIFFERENCES}) d WHERE d.difference <> 0
                GROUP BY d.correction_id, d.place, d.layer, d.payer),
           booked AS (
               SELECT e.source_key AS key,
                      coalesce(sum(p.credit) FILTER (WHERE p.account = 'benefits_payable'), 0)
                          AS more,
                      coalesce(sum(p.debit) FILTER (WHERE p.account = 'overpayments_receivable'), 0)
                          AS less,
                      coalesce(sum(p.debit - p.credit)
                               FILTER (WHERE p.account = 'benefit_expense'), 0) AS expense
                 FROM claims_entry e JOIN claims_posting p ON p.entry_id = e.number
                WHERE e.source = 'correction' GROUP BY e.source_key)
           SELECT coalesce(r.key, b.key), r.more, b.more, r.less, b.less
             FROM results r FULL JOIN booked b ON b.key = r.key
            WHERE r.more IS DISTINCT FROM b.more OR r.less IS DISTINCT FROM b.less
               OR b.expense IS DISTINCT FROM b.more - b.less
        """,  # noqa: S608 - constant text
    ),
    Check(
        "corrections_equal_orders",
        gettext_lazy("Corrections equal their payment orders and overpayments, by payee"),
        f"""WITH due AS (
               SELECT d.correction_id, d.person_id, d.institution_id, d.layer, d.payer,
                      sum(d.difference) AS amount
                 FROM ({_DIFFERENCES}) d GROUP BY 1, 2, 3, 4, 5 HAVING sum(d.difference) <> 0),
           made AS (
               SELECT correction_id, person_id, institution_id, layer, payer, sum(amount) AS amount
                 FROM (SELECT o.correction_id, o.person_id, o.institution_id, h.layer, h.payer,
                              h.amount
                         FROM claims_paymentorder o
                         JOIN claims_ordershare h ON h.order_id = o.id
                        WHERE o.correction_id IS NOT NULL AND o.state <> 'replaced'
                       UNION ALL
                       SELECT correction_id, person_id, institution_id, layer, payer, -amount
                         FROM claims_overpayment) AS said
                GROUP BY 1, 2, 3, 4, 5)
           SELECT coalesce(d.correction_id, m.correction_id), coalesce(d.layer, m.layer),
                  d.amount, m.amount
             FROM due d FULL JOIN made m
               ON m.correction_id = d.correction_id AND m.layer = d.layer AND m.payer = d.payer
              AND coalesce(m.person_id, 0) = coalesce(d.person_id, 0)
              AND coalesce(m.institution_id, 0) = coalesce(d.institution_id, 0)
            WHERE d.amount IS DISTINCT FROM m.amount""",  # noqa: S608 - constant text
    ),
    Check(
        "overpayments_equal_ledger",
        gettext_lazy("Open overpayments equal the books, by layer and payer; none is overpaid"),
        """WITH back AS (
               SELECT overpayment_id, sum(amount) AS amount FROM claims_repayment GROUP BY 1),
           open AS (
               SELECT o.payer, o.layer, sum(o.amount - coalesce(b.amount, 0)) AS amount
                 FROM claims_overpayment o LEFT JOIN back b ON b.overpayment_id = o.id
                GROUP BY 1, 2),
           booked AS (
               SELECT book, layer, sum(debit - credit) AS amount FROM claims_posting
                WHERE account = 'overpayments_receivable' GROUP BY 1, 2)
           SELECT coalesce(o.payer, b.book), coalesce(o.layer, b.layer), o.amount, b.amount
             FROM open o FULL JOIN booked b ON b.book = o.payer AND b.layer = o.layer
            WHERE coalesce(o.amount, 0) <> coalesce(b.amount, 0)
           UNION ALL
           SELECT o.id::text, o.layer, o.amount, b.amount
             FROM claims_overpayment o JOIN back b ON b.overpayment_id = o.id
            WHERE b.amount > o.amount""",
    ),
    Check(
        "repayments_equal_ledger",
        gettext_lazy("What overpayments shrank by equals the ledger, one entry each"),
        """WITH booked AS (
               SELECT e.source, e.source_key, p.book,
                      sum(p.credit) FILTER (WHERE p.account = 'overpayments_receivable') AS back,
                      sum(p.debit) FILTER (WHERE p.account = CASE e.source
                          WHEN 'repayment' THEN 'fiscal_account'
                          WHEN 'overpayment_set_off' THEN 'benefits_payable'
                          ELSE 'overpayments_written_off' END) AS met
                 FROM claims_entry e JOIN claims_posting p ON p.entry_id = e.number
                WHERE e.source IN ('repayment', 'overpayment_set_off', 'overpayment_write_off')
                GROUP BY 1, 2, 3),
           said AS (
               SELECT CASE r.kind WHEN 'received' THEN 'repayment'
                                  WHEN 'set_off' THEN 'overpayment_set_off'
                                  ELSE 'overpayment_write_off' END AS source,
                      r.id::text AS key, o.payer, r.amount
                 FROM claims_repayment r JOIN claims_overpayment o ON o.id = r.overpayment_id)
           SELECT coalesce(s.key, b.source_key), coalesce(s.source, b.source), s.amount, b.back
             FROM said s FULL JOIN booked b
               ON b.source = s.source AND b.source_key = s.key AND b.book = s.payer
            WHERE s.amount IS DISTINCT FROM b.back OR s.amount IS DISTINCT FROM b.met""",
    ),
    Check(
        "clearances_done_once",
        gettext_lazy("An approved clearance shrank its overpayment once, any other not at all"),
        """SELECT c.id, c.state, c.amount, r.amount
             FROM claims_clearance c LEFT JOIN claims_repayment r ON r.clearance_id = c.id
            WHERE (c.state = 'approved') IS DISTINCT FROM (r.id IS NOT NULL)
               OR r.amount <> c.amount OR r.overpayment_id <> c.overpayment_id
               OR (r.kind = 'set_off') IS DISTINCT FROM
                  CASE WHEN r.id IS NOT NULL THEN c.kind = 'set_off' END""",
    ),
    Check(
        "set_offs_equal_clearances",
        gettext_lazy("Approved set-offs equal what orders keep, for the same payee and payer"),
        """SELECT c.id, c.amount, sum(x.amount) FROM claims_clearance c
             LEFT JOIN (SELECT f.clearance_id, f.amount FROM claims_setoff f
                          JOIN claims_ordershare h ON h.id = f.share_id
                          JOIN claims_paymentorder o
                            ON o.id = h.order_id AND o.state <> 'replaced') x
               ON x.clearance_id = c.id
            WHERE c.kind = 'set_off' GROUP BY c.id
           HAVING coalesce(sum(x.amount), 0)
                  <> CASE c.state WHEN 'approved' THEN c.amount ELSE 0 END
           UNION ALL
           SELECT c.id, c.amount, x.amount FROM claims_setoff x
             JOIN claims_clearance c ON c.id = x.clearance_id
             JOIN claims_overpayment v ON v.id = c.overpayment_id
             JOIN claims_ordershare h ON h.id = x.share_id
             JOIN claims_paymentorder o ON o.id = h.order_id
            WHERE h.payer <> v.payer OR o.person_id IS DISTINCT FROM v.person_id
               OR o.institution_id IS DISTINCT FROM v.institution_id""",
    ),
    Check(
        "instalments_sum",
        gettext_lazy("Instalments sum to what was open when they were agreed"),
        """SELECT p.id, o.amount, sum(i.amount) FROM claims_repaymentplan p
             JOIN claims_overpayment o ON o.id = p.overpayment_id
             JOIN claims_instalment i ON i.plan_id = p.id
            GROUP BY p.id, o.id
           HAVING sum(i.amount) NOT IN (
                  SELECT o.amount
                  UNION ALL
                  SELECT o.amount - sum(r.amount) OVER (ORDER BY r.id)
                    FROM claims_repayment r WHERE r.overpayment_id = o.id)""",
    ),
)
