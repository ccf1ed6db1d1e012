"""Due dates of window claims: 30 working days from the entry, shown where work is chosen."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from claims.intake.deadlines import decision_due, due_of
from claims.intake.services import submit_claim
from claims.models import Claim, ClaimState
from claims.review.selectors import FIRST, next_in_queue, queue
from claims.review.urgent import days_left
from claims.tests.factories import (
    NOW,
    make_claim,
    make_clerk,
    make_draft,
    make_resident,
    make_reviewer,
)
from enrollment.calendar.models import CalendarDay, CalendarYear
from enrollment.calendar.services import calendar_changed
from enrollment.models import LegalParameter
from enrollment.tests.factories import make_bureau, make_user

LIST = reverse("admin:claims_claim_changelist")
EVENING = datetime(2026, 9, 18, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def submit(at):
    return submit_claim(make_draft(), person=make_resident(), actor=make_clerk(), at=at)


def test_a_claim_is_due_thirty_working_days_after_its_entry(db):
    # From Friday 2026-09-18: the Sunday after is worked, Mid-Autumn and National Day are off.
    assert submit(EVENING).due_on == date(2026, 11, 5)


def test_the_term_is_the_row_of_the_day_of_entry(db):
    LegalParameter.objects.create(
        code="claim_term", starts_on=date(2026, 9, 19), value=20, source="x"
    )
    assert decision_due(date(2026, 9, 18)) == date(2026, 11, 5)
    assert decision_due(date(2026, 9, 19)) == date(2026, 10, 22)
    assert decision_due(date(2023, 11, 30)) is None  # the regulation was not in force yet


def test_a_years_announcement_moves_what_is_not_decided(db):
    open_claim, decided = submit(NOW), submit(NOW)
    assert open_claim.due_on == date(2027, 1, 6)  # guessed: Monday to Friday, New Year off
    Claim.objects.filter(pk=decided.pk).update(state=ClaimState.REJECTED)
    year = CalendarYear.objects.create(year=2027, source="通知")
    for nth in (1, 4):
        CalendarDay.objects.create(calendar=year, day=date(2027, 1, nth), kind="off")
    calendar_changed(2027)
    open_claim.refresh_from_db()
    decided.refresh_from_db()
    assert open_claim.due_on == date(2027, 1, 7)
    assert decided.due_on == date(2027, 1, 6)


def test_a_guessed_year_is_named_on_the_claims_page(client, db):
    make_bureau()
    claim = submit(NOW)
    client.force_login(make_reviewer())
    client.cookies["django_language"] = "en"
    page = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "The calendar of 2027 is not entered" in page
    for address in (LIST, reverse("admin:index")):
        assert "(est.)" in client.get(address).content.decode()
    CalendarYear.objects.create(year=2027, source="通知")
    page = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "2027-01-06" in page
    assert "is not entered" not in page
    for address in (LIST, reverse("admin:index")):
        html = client.get(address).content.decode()
        assert "working days" in html
        assert "(est.)" not in html


@pytest.mark.parametrize(
    ("days", "says"), [(0, "due now"), (-30, "overdue"), (60, "working days left")]
)
def test_what_is_left_is_said(db, days, says):
    claim = make_claim(due_on=timezone.localdate() + timedelta(days))
    with translation.override("en"):
        assert says in due_of(claim).text
    assert (due_of(claim).tone == "red") is (days < 0)
    claim.state = ClaimState.SETTLED
    assert due_of(claim) is None


@pytest.mark.parametrize(
    ("today", "text", "tone"),
    [
        (date(2026, 11, 27), ("2026-11-27, due now", "due today"), "amber"),
        (date(2026, 11, 28), ("2026-11-27, overdue", "overdue"), "red"),
        (date(2026, 11, 29), ("2026-11-27, overdue", "overdue"), "red"),
        (date(2026, 11, 30), ("2026-11-27, 1 working day overdue", "1 working day overdue"), "red"),
    ],
)
def test_over_a_weekend_what_was_due_on_friday_is_overdue(db, monkeypatch, today, text, tone):
    monkeypatch.setattr(timezone, "localdate", lambda: today)
    due = due_of(make_claim(due_on=date(2026, 11, 27)))
    with translation.override("en"):
        assert ((due.text, days_left(due)), due.tone) == (text, tone)


def test_the_queue_shows_what_is_due_first_and_uploads_last(client, db):
    make_bureau()
    today = timezone.localdate()
    upload = make_claim(source="upload", visit_no="1")
    late = make_claim(due_on=today + timedelta(20))
    overdue = make_claim(due_on=today - timedelta(9))
    soon = make_claim(due_on=today + timedelta(3))
    reviewer = make_reviewer()
    expected = [overdue, soon, late, upload]
    assert list(queue(FIRST, reviewer)) == expected
    for one, following in zip(expected, [*expected[1:], overdue], strict=True):
        assert next_in_queue(FIRST, reviewer, after=one.pk) == following
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    page = client.get(f"{LIST}?queue=first").content.decode()
    places = [page.index(claim.number) for claim in expected]
    assert places == sorted(places)
    assert "overdue" in page


def test_the_parameters_page_takes_new_rows_and_keeps_old_values(client, db):
    make_bureau()
    view = ["enrollment.view_legalparameter"]
    keeper = make_user([f"enrollment.{verb}_legalparameter" for verb in ("view", "add", "change")])
    client.force_login(keeper)
    before = decision_due(date(2027, 1, 4))
    add = reverse("admin:enrollment_legalparameter_add")
    row = {"code": "claim_term", "starts_on": "20270101", "value": "20", "source": "新规定"}
    assert client.post(add, row).status_code == 302
    # Entered by one person it does not hold yet.
    assert decision_due(date(2027, 1, 4)) == before
    entered = LegalParameter.objects.get(code="claim_term", starts_on=date(2027, 1, 1))
    approve = reverse("admin:enrollment_legalparameter_approve", args=[entered.pk])
    assert client.post(approve).status_code == 403
    client.force_login(make_user(["enrollment.approve_legalparameter", *view]))
    assert "30" in client.get(approve).content.decode()
    assert client.post(approve).status_code == 302
    assert decision_due(date(2027, 1, 4)) < before
    client.force_login(keeper)
    assert client.post(add, row).status_code == 200  # a second value from the same day
    for wrong in ({"value": "0"}, {"value": "-1"}, {"starts_on": "2027"}, {"code": "x"}):
        assert client.post(add, row | {"starts_on": "20280101"} | wrong).status_code == 200
    old = LegalParameter.objects.get(code="claim_term", starts_on=date(2023, 12, 1))
    change = reverse("admin:enrollment_legalparameter_change", args=[old.pk])
    client.post(change, {"value": "99", "source": "改", "confirmed": "on"})
    old.refresh_from_db()
    assert (old.value, old.source) == (30, "改")
    client.force_login(make_user(["enrollment.view_legalparameter"]))
    assert client.post(add, row | {"starts_on": "20290101"}).status_code == 403
    assert not LegalParameter.objects.filter(starts_on=date(2029, 1, 1)).exists()
