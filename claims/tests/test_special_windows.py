"""The windows of the quarter, at every boundary day."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.diseases.windows import Stage, WindowRule, opening, window_of
from enrollment.values.periods import last_day_of_months
from enrollment.values.workdays import WorkCalendar

FIRST, PANEL, RECHECK = Stage.FIRST_REVIEW, Stage.PANEL, Stage.RECHECK
QUARTERS = WindowRule(
    date(2023, 1, 1), (3, 6, 9, 12), {FIRST: (11, 15), PANEL: (16, 25), RECHECK: (26, 31)}
)
# National Day 2026 with its make-up days, as far as windows touch them.
CALENDAR = WorkCalendar(frozenset({2025, 2026, 2027}))


def state(stage, day, rules=(QUARTERS,), calendar=CALENDAR):
    """`open`, or the days of the next window."""
    found = opening(rules, stage, day, calendar)
    if found is None:
        return None
    if found.is_open:
        return "open"
    return (str(found.window.starts_on), str(found.window.ends_on))


@pytest.mark.parametrize(
    ("stage", "day", "expected"),
    [
        # December 2026: the 11th is a Friday, the 15th a Tuesday, the 31st a Thursday.
        (FIRST, "2026-12-10", ("2026-12-11", "2026-12-15")),
        (FIRST, "2026-12-11", "open"),
        (FIRST, "2026-12-15", "open"),
        (FIRST, "2026-12-16", ("2027-03-11", "2027-03-15")),
        (PANEL, "2026-12-15", ("2026-12-16", "2026-12-25")),
        (PANEL, "2026-12-16", "open"),
        (PANEL, "2026-12-25", "open"),
        (PANEL, "2026-12-26", ("2027-03-16", "2027-03-25")),
        (RECHECK, "2026-12-25", ("2026-12-26", "2026-12-31")),
        (RECHECK, "2026-12-26", "open"),
        (RECHECK, "2026-12-31", "open"),
        (RECHECK, "2027-01-01", ("2027-03-26", "2027-03-31")),
        # September and June have thirty days.
        (RECHECK, "2026-09-30", "open"),
        (RECHECK, "2026-10-01", ("2026-12-26", "2026-12-31")),
        (RECHECK, "2026-06-30", "open"),
        (RECHECK, "2026-07-01", ("2026-09-26", "2026-09-30")),
        # 2026-03-15 is a Sunday: the window closes on Monday.
        (FIRST, "2026-03-15", "open"),
        (FIRST, "2026-03-16", "open"),
        (FIRST, "2026-03-17", ("2026-06-11", "2026-06-15")),
        # 2026-11 is no month of the calendar.
        (FIRST, "2026-11-13", ("2026-12-11", "2026-12-15")),
    ],
)
def test_each_stage_at_the_days_around_its_window(stage, day, expected):
    assert state(stage, date.fromisoformat(day)) == expected


def test_a_last_day_off_moves_to_the_next_working_day_over_the_month_and_make_up_days():
    off = {date(2026, 9, 30): False, date(2026, 10, 1): False, date(2026, 10, 2): False}
    calendar = WorkCalendar(frozenset({2026}), off)
    assert window_of([QUARTERS], RECHECK, 2026, 9, calendar).ends_on == date(2026, 10, 5)
    assert state(RECHECK, date(2026, 10, 5), calendar=calendar) == "open"
    assert state(RECHECK, date(2026, 10, 6), calendar=calendar) != "open"
    worked = WorkCalendar(frozenset({2026}), {date(2026, 3, 15): True})
    assert window_of([QUARTERS], FIRST, 2026, 3, worked).ends_on == date(2026, 3, 15)


def test_a_new_calendar_holds_from_the_first_month_that_begins_under_it():
    monthly = WindowRule(date(2026, 9, 2), tuple(range(1, 13)), {FIRST: (1, 5)})
    rules = (QUARTERS, monthly)
    assert state(FIRST, date(2026, 9, 11), rules) == "open"
    assert state(FIRST, date(2026, 9, 16), rules) == ("2026-10-01", "2026-10-05")
    assert state(FIRST, date(2026, 10, 5), rules) == "open"


def test_without_a_calendar_there_is_no_window():
    assert state(FIRST, date(2026, 12, 11), rules=()) is None
    assert state(FIRST, date(2020, 1, 1)) is None
    assert state(FIRST, date(2022, 12, 31)) == ("2023-03-11", "2023-03-15")


@st.composite
def rules(draw):
    """A calendar whose stages follow each other within the month."""
    cuts = sorted(draw(st.sets(st.integers(1, 31), min_size=6, max_size=6)))
    months = draw(st.sets(st.integers(1, 12), min_size=1))
    return WindowRule(
        date(2020, 1, 1),
        tuple(sorted(months)),
        {FIRST: (cuts[0], cuts[1]), PANEL: (cuts[2], cuts[3]), RECHECK: (cuts[4], cuts[5])},
    )


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(rule=rules(), stage=st.sampled_from(Stage), day=DAYS, off=st.sets(DAYS, max_size=40))
def test_the_opening_is_what_counting_every_open_day_finds(rule, stage, day, off):
    calendar = WorkCalendar(frozenset(range(2020, 2032)), dict.fromkeys(off, False))
    found = opening([rule], stage, day, calendar)
    days = open_days(rule, stage, range(day.year - 1, day.year + 3), calendar)
    assert found.is_open == (day in days)
    assert max(day, found.window.starts_on) == min(one for one in days if one >= day)
    assert calendar.is_working_day(found.window.ends_on)
    assert found.window.ends_on in days


def open_days(rule, stage, years, calendar):
    """Every day on which the step may be taken, by the words of the rule."""
    low, high = rule.days[stage]
    days = set()
    for year in years:
        for month in rule.months:
            length = monthrange(year, month)[1]
            one = date(year, month, min(low, length))
            last = date(year, month, min(high, length))
            while one <= last or not calendar.is_working_day(one - timedelta(1)):
                days.add(one)
                one += timedelta(1)
    return days


@given(first=DAYS, months=st.integers(1, 60))
def test_months_end_the_day_before_the_corresponding_day(first, months):
    last = last_day_of_months(first, months)
    after = last + timedelta(1)
    assert after.year * 12 + after.month >= first.year * 12 + first.month + months
    assert after.day in {first.day, 1}
    assert last_day_of_months(first, months + 1) > last
