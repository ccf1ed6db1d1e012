"""The calendar's years: what ships, what an administrator enters, who is told."""

from datetime import date

import pytest
from django.urls import reverse

from enrollment.calendar import screens, services
from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.calendar.selectors import (
    deadline_of,
    due_on,
    work_calendar,
    working_days_left,
    year_to_enter,
)
from enrollment.tests.factories import make_bureau, make_user

LIST = reverse("admin:enrollment_calendaryear_changelist")
ADD = reverse("admin:enrollment_calendaryear_add")
KEEPER = [
    "enrollment.view_calendaryear",
    "enrollment.add_calendaryear",
    "enrollment.change_calendaryear",
    "enrollment.view_calendarday",
    "enrollment.add_calendarday",
    "enrollment.change_calendarday",
]


@pytest.fixture
def keeper(client, db):
    make_bureau()
    client.force_login(make_user(KEEPER))
    client.cookies["django_language"] = "en"
    return client


def year_form(year, *days, **fields):
    form = {
        "year": str(year),
        "source": "国务院办公厅通知",
        "days-TOTAL_FORMS": str(len(days)),
        "days-INITIAL_FORMS": "0",
    }
    for nth, (day, kind) in enumerate(days):
        form |= {f"days-{nth}-day": day, f"days-{nth}-kind": kind, f"days-{nth}-name": "元旦"}
    return form | fields


def test_the_shipped_years_stand_after_a_migrate(db):
    calendar = work_calendar()
    assert {2024, 2025, 2026} <= calendar.years
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday
    assert CalendarDay.objects.get(day=date(2026, 10, 1)).name == "国庆节"
    assert due_on(date(2026, 9, 18), 30) == date(2026, 11, 5)
    assert working_days_left(date(2026, 11, 2), date(2026, 11, 5)) == 3


def test_loading_again_leaves_what_was_corrected(db):
    CalendarDay.objects.filter(day=date(2026, 10, 1)).delete()
    assert services.load_shipped_years() == []
    CalendarYear.objects.filter(year=2025).delete()
    assert services.load_shipped_years() == [2025]
    assert not CalendarDay.objects.filter(day=date(2026, 10, 1)).exists()


def test_one_statement_reads_the_calendar(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        due_on(date(2026, 9, 18), 30)
    calendar = work_calendar()
    with django_assert_num_queries(0):
        deadline_of(date(2026, 9, 18), 30, calendar)
        working_days_left(date(2026, 9, 18), date(2026, 11, 5), calendar)


def test_a_day_entered_by_mistake_counts_as_any_other(db):
    CalendarDay.objects.filter(day=date(2026, 10, 1)).update(kind=CalendarDay.Kind.ORDINARY)
    assert work_calendar().is_working_day(date(2026, 10, 1))


def test_a_missing_year_is_guessed_by_name_and_asked_for_from_november(db):
    assert deadline_of(date(2026, 12, 1), 30).guessed == (2027,)
    assert year_to_enter(date(2026, 10, 31)) is None
    assert year_to_enter(date(2026, 11, 1)) == 2027
    assert year_to_enter(date(2027, 1, 4)) == 2027
    CalendarYear.objects.create(year=2027, source="通知")
    assert year_to_enter(date(2026, 11, 1)) is None


def test_the_desk_reminds_in_november(keeper, monkeypatch):
    monkeypatch.setattr(screens.timezone, "localdate", lambda: date(2026, 11, 2))
    page = keeper.get("/").content.decode()
    assert "Calendar of 2027 to enter" in page
    assert f"{ADD}?year=2027" in page
    monkeypatch.setattr(screens.timezone, "localdate", lambda: date(2026, 10, 31))
    assert "calendar_missing" not in keeper.get("/").content.decode()


def test_a_year_is_entered_day_by_day_and_moves_the_due_dates(keeper, monkeypatch):
    told = []
    monkeypatch.setattr(services, "_dependants", [told.append])
    days = [("20270101", "off"), ("2027-01-03", "worked")]
    assert keeper.post(ADD, year_form(2027, *days)).headers["Location"] == LIST
    assert told == [2027]
    calendar = work_calendar()
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 1, 3))  # a Sunday
    assert "2027" in keeper.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("days", "complaint"),
    [
        ([("20280101", "off")], "is not a day of 2027"),
        ([("20270104", "worked")], "is a weekday"),
        ([("20270101", "off"), ("20270101", "off")], "duplicate"),
        ([("20270230", "off")], "There is no day 30 in month 2 of 2027"),
        ([("2027-x", "off")], "Write the day as"),
        ([("20261001", "off")], "entered already"),
    ],
)
def test_days_that_make_no_sense_are_refused(keeper, days, complaint):
    page = keeper.post(ADD, year_form(2027, *days))
    assert page.status_code == 200
    assert complaint in page.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize("year", ["1999", "2101", "0", "x", "2026"])
def test_years_that_make_no_sense_are_refused(keeper, year):
    before = CalendarYear.objects.count()
    assert keeper.post(ADD, year_form(year)).status_code == 200
    assert CalendarYear.objects.count() == before


def test_without_the_permission_the_calendar_stays_as_it_is(client, db):
    make_bureau()
    client.force_login(make_user(["enrollment.view_calendaryear"]))
    assert client.get(LIST).status_code == 200
    assert client.post(ADD, year_form(2027)).status_code == 403
    assert not CalendarYear.objects.filter(year=2027).exists()
