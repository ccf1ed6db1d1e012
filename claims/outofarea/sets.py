"""What a claim's filing comes to, as SQL for whole sets of claims.

`claims.outofarea.rules` says the same of one claim; a test holds the two together.
"""


def effective_filing(claim: str, institution: str, *, person: str = "", entered: str = "") -> str:
    """The filing that a claim is calculated with: an expression over two aliases of tables.

    `claim` has `person_id`, `kind`, `filing`, `discharged_on` and `institution_id` unless other
    expressions are given; `institution` is a row of institutions. All are constant text.
    """
    person = person or f"{claim}.person_id"
    entered = entered or f"{claim}.filing"
    day = f"{claim}.discharged_on"
    area = area_of(institution)
    return f"""(
        CASE WHEN {institution}.in_county OR {claim}.kind <> 'inpatient'
                  OR NOT COALESCE((SELECT r.checks_claims FROM claims_filingrule r
                                    WHERE r.starts_on <= {day}
                                    ORDER BY r.starts_on DESC LIMIT 1), false)
             THEN {entered}
             ELSE COALESCE((
                  SELECT CASE f.kind WHEN 'long_term' THEN 'filed' ELSE 'referred' END
                    FROM claims_areafiling f
                   WHERE f.person_id = {person} AND f.starts_on <= {day}
                     AND (f.ends_on IS NULL OR {day} <= f.ends_on)
                     AND (f.withdrawn_from IS NULL OR {day} < f.withdrawn_from)
                     AND CASE WHEN f.institution_id IS NOT NULL
                              THEN f.institution_id = {claim}.institution_id
                              ELSE starts_with({area}, {_significant("f.area_code")}) END
                   ORDER BY f.kind = 'long_term' DESC LIMIT 1),
                  CASE {entered} WHEN 'referred' THEN 'referred' ELSE 'unfiled' END)
        END)"""  # noqa: S608


def area_of(institution: str) -> str:
    """`claims.outofarea.rules.area_of` of a row of institutions."""
    division = _significant(f"COALESCE({institution}.division_id, '')")
    named = _significant(f"COALESCE(substring({institution}.code from '^.([0-9]{{6}})'), '')")
    return f"(CASE WHEN starts_with({named}, {division}) THEN {named} ELSE {division} END)"


def _significant(code: str) -> str:
    """A division code without the pairs of zeros at its end; codes have an even length."""
    return f"regexp_replace({code}, '(00)+$', '') COLLATE \"C\""
