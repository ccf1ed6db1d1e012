"""Whether a claim has the certificate that it needs, as SQL for whole sets of claims.

`claims.certificates.selectors` says the same of one claim; a test holds the two together.
"""


def is_certified(person: str, kind: str, day: str, diagnosis: str) -> str:
    """A condition over expressions of SQL: nothing is asked, or a certificate holds on the day.

    The expressions are constant text, never what somebody typed.
    """
    text = f"""upper(btrim({diagnosis})) COLLATE "C\""""
    return f"""(
        {kind} <> 'special_outpatient'
        OR NOT COALESCE((SELECT r.checks_claims FROM claims_reviewcalendar r
                          WHERE r.starts_on <= {day} ORDER BY r.starts_on DESC LIMIT 1), false)
        OR EXISTS (
           SELECT 1 FROM claims_specialcertificate k
             JOIN claims_specialdisease s ON s.id = k.disease_id
            WHERE k.person_id = {person} AND k.starts_on <= {day}
              AND (k.ends_on IS NULL OR {day} <= k.ends_on)
              AND (k.revoked_from IS NULL OR {day} < k.revoked_from)
              AND (starts_with({text}, upper(s.code))
                   OR strpos({text}, upper(s.name) COLLATE "C") > 0
                   OR EXISTS (SELECT 1 FROM unnest(s.diagnoses) AS begins
                               WHERE starts_with({text}, upper(begins) COLLATE "C")))))"""  # noqa: S608
