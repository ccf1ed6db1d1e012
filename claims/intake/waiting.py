"""The triggers that keep a row for each claim that waits (`WaitingClaim`)."""

from collections.abc import Iterable

import pgtrigger

_COLUMNS = "claim_id, person_id, state, approved_on"


def waiting_triggers(states: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Triggers of the claims: one in any of the states has a row, any other has none.

    New claims come by the hundred thousand, so they are entered once per statement; a claim that
    moves changes its row by itself.
    """
    waits = ", ".join(f"'{state}'" for state in states)
    return [
        pgtrigger.Trigger(
            name="claim_begins_to_wait",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
            func=f"""
                INSERT INTO claims_waitingclaim ({_COLUMNS})
                SELECT id, person_id, state, approved_on FROM added WHERE state IN ({waits});
                RETURN NULL;
            """,  # noqa: S608 - constant text
        ),
        pgtrigger.Trigger(
            name="claim_moves_on",
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("state", "person_id", "approved_on"),  # type: ignore[no-untyped-call]
            condition=pgtrigger.AnyChange("state", "person", "approved_on"),
            func=f"""
                IF NEW.state NOT IN ({waits}) THEN
                    DELETE FROM claims_waitingclaim WHERE claim_id = NEW.id;
                ELSE
                    INSERT INTO claims_waitingclaim ({_COLUMNS})
                    VALUES (NEW.id, NEW.person_id, NEW.state, NEW.approved_on)
                    ON CONFLICT (claim_id) DO UPDATE
                       SET person_id = EXCLUDED.person_id, state = EXCLUDED.state,
                           approved_on = EXCLUDED.approved_on;
                END IF;
                RETURN NULL;
            """,  # noqa: S608 - constant text
        ),
    ]
