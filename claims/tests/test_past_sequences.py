"""Whatever happens to the past, the books hold, and the end is that of settling in order."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from claims.corrections.models import Cause
from claims.tests.past import FIRST, YEAR, Past


@pytest.mark.django_db
def test_the_books_hold_and_the_end_is_that_of_settling_in_order() -> None:
    run_state_machine_as_test(
        Past,
        settings=settings(
            max_examples=8,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # shrinking would take minutes: the steps are printed
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Past.seen >= {Cause.REVERSAL, Cause.IDENTITY, Cause.POLICY}


@pytest.mark.django_db
def test_one_year_in_which_everything_happens() -> None:
    Past.seen.clear()
    past = Past()
    steps: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        (past.pay, (False,)),
        (past.late_bill, (0, date(YEAR, 5, 1), 30_000, "window", "general_outpatient")),
        (past.settle, ()),
        (past.reverse, (1,)),
        (past.agree, (0, 3)),
        (past.set_off, (0, 2)),
        (past.repay, (0, 2)),
        (past.write_off, (0, 2)),
        (past.late_bill, (1, date(YEAR, 7, 1), 300_000, "window", "special_outpatient")),
        (past.settle, ()),
        (past.pay, (True,)),
        (past.pay_again, (123456789,)),
        (past.late_bill, (0, date(YEAR, 2, 1), 300_000, "window", "special_outpatient")),
        (past.settle, ()),
        (past.recalculate, (0,)),
        (past.grant_backwards, (1, FIRST, "low_income")),
        (past.correct_policy, (date(YEAR, 2, 1), 80, 0)),
        (past.pay, (False,)),
        (past.late_bill, (0, date(YEAR, 6, 1), 300_000, "window", "special_outpatient")),
        (past.settle, ()),
        (past.reverse, (0,)),
        (past.teardown, ()),
    ]
    for step, given in steps:
        step(*given)
        past.check()
    causes = {Cause.REVERSAL, Cause.IDENTITY, Cause.POLICY, Cause.OTHER}
    assert Past.seen == causes | {"paid again", "instalments", "repaid", "set_off", "write_off"}
