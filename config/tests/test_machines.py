"""The operator's board: what it says of worker, schedule, night, disk and database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from claims.models import SettlementRun
from config.machines import board
from config.machines.probes import Broker, Disk, read_disk, read_schedule
from enrollment.boards.registry import registered_for
from enrollment.tests.factories import make_bureau, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client, monkeypatch):
    """An operator; two workers answer and three jobs wait."""
    make_bureau()
    monkeypatch.setattr(board, "ask_broker", lambda: Broker(2, 3))
    user = make_user()
    user.groups.set([Group.objects.get(name="operator")])
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def page(client):
    return client.get(reverse("admin:portal_board", args=["machines"])).content.decode()


def test_the_operator_sees_how_the_machines_are_and_nothing_else(client, operator):
    person = make_person(name="田大妹")
    SettlementRun.objects.create(
        up_to=timezone.localdate(),
        state="posted",
        scheme="yongshun-resident",
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    html = page(client)
    for shown in ("Workers answering", "Jobs waiting", "finished", "Disk free", "Database"):
        assert shown in html
    assert reverse("admin:claims_settlementrun_changelist") not in html
    desk = client.get("/").content.decode()
    for text in (person.name, person.masked_id):
        assert text not in html + desk
    assert [one.key for one in registered_for(operator)] == ["machines"]


def test_the_board_keeps_to_its_statements(operator):
    (one,) = registered_for(operator)
    with CaptureQueriesContext(connection) as captured:
        one.provider(operator)
    assert len(captured) <= one.statements


@pytest.mark.parametrize(
    ("broker", "words", "tone"),
    [
        (Broker(None, None), "queue not reached", "tone-red"),
        (Broker(0, 0), "nothing runs at night without it", "tone-red"),
        (Broker(1, 21), "21", "tone-amber"),
    ],
)
def test_what_is_not_well_is_said_in_words_and_colour(  # noqa: PLR0917  a row of the table
    client, operator, monkeypatch, broker, words, tone
):
    monkeypatch.setattr(board, "ask_broker", lambda: broker)
    html = page(client)
    assert words in html
    assert tone in html


def test_a_run_without_an_end_is_not_finished(client, operator):
    SettlementRun.objects.create(
        up_to=timezone.localdate(), scheme="yongshun-resident", started_at=timezone.now()
    )
    assert "not finished" in page(client)


def nightly(**fields):
    crontab = CrontabSchedule.objects.create(
        minute="30", hour="1", timezone=ZoneInfo("Asia/Shanghai")
    )
    PeriodicTask.objects.update(enabled=False)
    task = PeriodicTask.objects.create(name="a job", task="x", crontab=crontab, enabled=True)
    PeriodicTask.objects.filter(pk=task.pk).update(**fields)


def test_a_job_that_was_not_sent_when_it_should_is_late():
    nightly(last_run_at=timezone.now() - timedelta(days=3))
    assert read_schedule().late == ["a job"]


def test_a_job_that_was_sent_the_last_time_is_not_late():
    now = timezone.now()
    nightly(last_run_at=now)
    schedule = read_schedule()
    assert not schedule.late
    assert isinstance(schedule.last_sent_at, datetime)


def test_the_disk_is_that_of_the_portals_files():
    disk = read_disk()
    assert 0 < disk.free <= disk.total
    assert Disk(1, 3).free_percent == 33
