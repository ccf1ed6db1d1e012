"""Terms in working days: pure arithmetic over a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.values.workdays import Deadline, WorkCalendar, YearUnknown

# The National Day of 2026: 1 to 7 October off, worked on Sunday 20 September and Saturday 10
# October (国务院办公厅关于2026年部分节假日安排的通知).
NATIONAL_DAY = {date(2026, 10, nth): False for nth in range(1, 8)} | {
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}
CALENDAR = WorkCalendar(frozenset({2026}), NATIONAL_DAY)


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        ("2026-09-30", 0, "2026-09-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),  # the Saturday is worked
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-03", 1, "2026-10-08"),  # handed in on a day off
        ("2026-09-18", 1, "2026-09-20"),  # the Sunday is worked
        ("2026-09-18", 30, "2026-11-04"),
    ],
)
def test_a_term_begins_on_the_next_working_day_and_counts_make_up_days(start, working_days, due):
    due = date.fromisoformat(due)
    assert CALENDAR.add(date.fromisoformat(start), working_days) == due


def test_a_year_that_is_not_entered_is_refused_or_named():
    with pytest.raises(YearUnknown) as refused:
        CALENDAR.add(date(2026, 12, 31), 1)
    assert refused.value.year == 2027
    with pytest.raises(YearUnknown):
        CALENDAR.is_working_day(date(2027, 1, 1))
    assert CALENDAR.deadline(date(2026, 12, 31), 1) == Deadline(date(2027, 1, 4), (2027,))
    assert CALENDAR.deadline(date(2026, 12, 30), 1) == Deadline(date(2026, 12, 31))


@pytest.mark.parametrize("day", ["2027-01-01", "2027-05-03", "2027-10-01"])
def test_the_fixed_holidays_are_off_in_a_year_that_is_not_entered(day):
    day = date.fromisoformat(day)
    off = (day.month, day.day) in {(1, 1), (10, 1)}
    assert CALENDAR.left(day - timedelta(1), day) == (0 if off else 1)
    # Where the year is entered its announcement alone counts.
    assert WorkCalendar(frozenset({2027})).is_working_day(day)


@pytest.mark.parametrize("working_days", [-1, 2001])
def test_an_absurd_term_is_refused(working_days):
    with pytest.raises(ValueError, match="working days"):
        CALENDAR.deadline(date(2026, 9, 1), working_days)


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2026-10-08", "2026-10-08", 0),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-10-09", "2026-10-12", 2),
        ("2026-10-12", "2026-10-09", -2),
        ("2026-10-11", "2026-10-10", 0),  # only a day off has passed
    ],
)
def test_what_is_left_counts_like_the_term(today, due, left):
    assert CALENDAR.left(date.fromisoformat(today), date.fromisoformat(due)) == left


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 9, 30)),
    working_days=st.integers(0, 60),
    differing=st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans()),
)
def test_the_end_is_worked_and_counts_back_to_the_term(start, working_days, differing):
    calendar = WorkCalendar(frozenset({2026, 2027}), differing)
    due = calendar.add(start, working_days)
    assert calendar.left(start, due) == working_days
    if working_days:
        assert calendar.is_working_day(due)
        assert calendar.left(start, due - timedelta(1)) == working_days - 1
