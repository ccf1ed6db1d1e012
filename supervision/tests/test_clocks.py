"""The terms of a case: 90 days to decide it, 15 to pay its fine, each to the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.desk.queues import queues_for
from enrollment.desk.tags import Tone
from enrollment.parameters.models import LegalParameter
from enrollment.tests.factories import make_bureau, make_user
from supervision.cases.clocks import Clocks
from supervision.models import Case, Fine
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import AT, SEE, TODAY, make_case, make_notified, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau():
    make_bureau()


@pytest.fixture
def on_day(monkeypatch):
    """The day on which the desk is looked at."""

    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: day)

    set_day(TODAY)
    return set_day


def fined():
    decide_penalty(
        make_notified(),
        recovery=Decimal("1000.00"),
        fine=Decimal("2000.00"),
        defence="未提出陈述、申辩意见",
        heard_on=TODAY,
        actor=supervisor(),
        at=AT,
    )
    return Fine.objects.get()


def queue_of(user, key):
    (found,) = [queue for queue in queues_for(user) if queue.key == key]
    return found


@pytest.mark.parametrize(
    ("days", "left", "tone"),
    [(0, 90, Tone.NEUTRAL), (79, 11, Tone.NEUTRAL), (80, 10, Tone.AMBER), (90, 0, Tone.AMBER),
     (91, -1, Tone.RED)],
)  # fmt: skip
def test_a_case_is_decided_within_ninety_days_of_its_filing(on_day, days, left, tone):
    case = make_case()
    on_day(TODAY + timedelta(days=days))
    clock = Clocks().of_decision(case)
    assert (clock.ends_on, clock.left, clock.tone) == (TODAY + timedelta(days=90), left, tone)


def test_a_decided_case_has_no_term(on_day):
    case = fined().case
    assert Clocks().of_decision(case) is None


def test_the_term_is_that_of_the_day_of_filing(on_day):
    case = make_case()
    for starts_on, days in ((TODAY, 60), (TODAY + timedelta(days=1), 30)):
        LegalParameter.objects.create(
            code="case_term", starts_on=starts_on, value=days, source="测试文件"
        )
    assert Clocks().of_decision(case).ends_on == TODAY + timedelta(days=60)
    assert Clocks().of_decision(Case(state="filed", opened_on=date(2021, 7, 14))) is None


def test_the_desk_shows_what_is_past_its_term_first(client, on_day):
    overdue, near = make_case(), make_case()
    Case.objects.filter(pk=near.pk).update(opened_on=TODAY + timedelta(days=85))
    user = supervisor()
    on_day(TODAY + timedelta(days=91))
    queue = queue_of(user, "cases_filed")
    assert (queue.count, queue.overdue) == (2, 1)
    assert [one.label for one in queue.first] == [overdue.number, near.number]
    assert [one.tone for one in queue.first] == [Tone.RED, Tone.NEUTRAL]
    assert queues_for(user)[0].overdue
    client.force_login(user)
    client.cookies["django_language"] = "en"
    html = client.get(queue.url, follow=True).content.decode()
    assert "1 day over" in html
    page = client.get(reverse("admin:supervision_case_change", args=[overdue.pk]))
    assert "1 day over" in page.content.decode()


@pytest.mark.parametrize(("days", "overdue"), [(15, 0), (16, 1)])
def test_a_fine_is_overdue_after_fifteen_days(client, on_day, days, overdue):
    fine = fined()
    user = make_user([*SEE, "supervision.record_receipt"])
    on_day(TODAY + timedelta(days=days))
    queue = queue_of(user, "fines_outstanding")
    assert (queue.count, queue.overdue) == (1, overdue)
    client.force_login(user)
    listed = client.get(reverse("admin:supervision_fine_changelist")).content.decode()
    assert (TODAY + timedelta(days=15)).isoformat() in listed
    assert fine.number in listed


def test_what_was_paid_has_no_term_any_more(client, on_day):
    fine = fined()
    fine.receipts.create(
        amount=fine.amount, received_on=TODAY, voucher="V", recorded_by=supervisor(), recorded_at=AT
    )
    client.force_login(make_user(SEE))
    listed = client.get(reverse("admin:supervision_fine_changelist")).content.decode()
    assert fine.number in listed
    assert (TODAY + timedelta(days=15)).isoformat() not in listed
