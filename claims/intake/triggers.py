"""The triggers that keep a row for each claim that waits (`WaitingClaim`)."""

from collections.abc import Iterable

import pgtrigger

_COLUMNS = "claim_id, person_id, state, approved_on"


def waiting_triggers(states: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Triggers of the claims: one in any of the states has a row, any other has none.

    Both run once per statement, because the night and the reviews move claims by the thousand.
    """
    waits = ", ".join(f"'{state}'" for state in states)
    return [
        _after(
            pgtrigger.Insert,
            "claim_begins_to_wait",
            f"""
                INSERT INTO claims_waitingclaim ({_COLUMNS})
                SELECT id, person_id, state, approved_on FROM written WHERE state IN ({waits});
            """,  # noqa: S608 - constant text
        ),
        # The array keeps to the index of the claim, however many rows the planner believes in.
        _after(
            pgtrigger.Update,
            "claim_moves_on",
            f"""
                DELETE FROM claims_waitingclaim
                 WHERE claim_id = ANY(ARRAY(
                           SELECT id FROM written WHERE state NOT IN ({waits})));
                INSERT INTO claims_waitingclaim AS w ({_COLUMNS})
                SELECT id, person_id, state, approved_on FROM written WHERE state IN ({waits})
                    ON CONFLICT (claim_id) DO UPDATE
                   SET person_id = EXCLUDED.person_id, state = EXCLUDED.state,
                       approved_on = EXCLUDED.approved_on
                 WHERE (w.person_id, w.state, w.approved_on) IS DISTINCT FROM
                       (EXCLUDED.person_id, EXCLUDED.state, EXCLUDED.approved_on);
            """,  # noqa: S608 - constant text
        ),
    ]


def _after(operation: pgtrigger.Operation, name: str, statements: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),  # type: ignore[no-untyped-call]
        func=f"{statements} RETURN NULL;",
    )
