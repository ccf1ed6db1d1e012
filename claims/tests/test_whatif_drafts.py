"""A draft's values over those that hold: what moves to the year's first day, and what gives way."""

from datetime import date
from decimal import Decimal

import pytest

from claims.models import WhatIfRun
from claims.policies.assembly import Basis, Key, Value
from claims.tests.night import settle
from claims.tests.test_policies import CODE, FILES, OFFICER, approved
from claims.tests.whatif_year import draft_data, propose, run, three_residents
from claims.whatif.drafts import held_from
from claims.whatif.figures import figures_of
from claims.whatif.services import RunRefused
from enrollment.tests.factories import make_bureau, make_user

FIRST = date(2026, 1, 1)
NO_PAPER = Basis("", "", "", "")


def value(parameter: str, starts_on: date | None, amount: str) -> Value:
    return Value(Key("basic", parameter, starts_on), amount, NO_PAPER)


def told(values: list[Value]) -> list[tuple[str, date | None, str]]:
    return sorted(
        ((one.key.parameter, one.key.starts_on, one.value) for one in values),
        key=lambda one: (one[0], one[1] or date.min),
    )


def test_the_first_value_of_each_parameter_moves_and_what_stood_gives_way():
    beneath = [
        value("rate", None, "0.60"),
        value("rate", date(2026, 7, 1), "0.65"),
        value("limit", date(2026, 7, 1), "500"),
    ]
    draft = [value("rate", date(2028, 1, 1), "0.80"), value("rate", date(2027, 1, 1), "0.70")]
    assert told(held_from(FIRST, beneath, draft)) == [
        ("limit", date(2026, 7, 1), "500"),
        ("rate", None, "0.60"),
        ("rate", FIRST, "0.70"),
        ("rate", date(2028, 1, 1), "0.80"),
    ]


def test_a_value_that_begins_by_the_first_day_stays_and_nothing_gives_way():
    beneath = [value("rate", None, "0.60"), value("rate", date(2026, 7, 1), "0.65")]
    for starts_on in (None, date(2025, 5, 1), FIRST):
        draft = [value("rate", starts_on, "0.70")]
        assert told(held_from(FIRST, beneath, draft)) == told([*beneath, *draft])


def test_a_value_that_ends_one_moves_too():
    ended = Value(Key("basic", "limit", date(2027, 1, 1)), None, NO_PAPER)
    (_beneath, moved) = held_from(FIRST, [value("limit", None, "500")], [ended])
    assert (moved.key.starts_on, moved.value) == (FIRST, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "whole_year", "difference"),
    [
        (date(2027, 1, 1), True, "200.00"),
        (date(2026, 12, 31), True, "200.00"),
        (date(2026, 12, 31), False, "0.00"),  # no claim so late
        (date(2026, 1, 1), True, "200.00"),
        (date(2026, 1, 1), False, "200.00"),
    ],
)
def test_a_draft_for_a_year_to_come_is_run_on_one_that_is_known(
    starts_on: date, whole_year: bool, difference: str
) -> None:
    make_bureau()
    approved(FILES[CODE], (make_user(OFFICER), make_user(OFFICER)))
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate=("0.80", starts_on)))
    found = run(proposal, whole_year=whole_year)
    assert found.whole_year is whole_year
    assert figures_of(found).whole.difference == Decimal(difference)


@pytest.mark.django_db
def test_a_draft_that_begins_after_the_year_is_not_run_as_dated() -> None:
    make_bureau()
    approved(FILES[CODE], (make_user(OFFICER), make_user(OFFICER)))
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate=("0.80", date(2027, 1, 1))))
    with pytest.raises(RunRefused, match="2026"):
        run(proposal, whole_year=False)
    assert not WhatIfRun.objects.exists()
