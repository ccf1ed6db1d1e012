"""The schedule's screen: an administrator switches a job off without breaking it."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from enrollment.access.models import User


@pytest.fixture
def job() -> PeriodicTask:
    crontab = CrontabSchedule.objects.create(hour="2", minute="0")
    return PeriodicTask.objects.create(name="Nightly settlement 2", task="a.b", crontab=crontab)


@pytest.fixture
def page(client: Client, job: PeriodicTask) -> str:
    client.force_login(User.objects.create_superuser("root"))
    return reverse("admin:django_celery_beat_periodictask_change", args=[job.pk])


@pytest.mark.django_db
def test_a_job_is_switched_off_and_moved_and_keeps_its_task(
    client: Client, job: PeriodicTask, page: str
) -> None:
    assert 'value="02:00"' in client.get(page).content.decode()
    answer = client.post(page, {"daily_at": "0315"})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.crontab is not None
    assert (job.enabled, job.task) == (False, "a.b")
    assert (job.crontab.hour, job.crontab.minute) == ("3", "15")


@pytest.mark.django_db
def test_a_weekly_job_keeps_its_day(client: Client, job: PeriodicTask, page: str) -> None:
    assert job.crontab is not None
    CrontabSchedule.objects.filter(pk=job.crontab.pk).update(day_of_week="0")
    client.post(page, {"enabled": "on", "daily_at": "0315"})
    job.refresh_from_db()
    assert (job.crontab.day_of_week, job.crontab.hour) == ("0", "3")
    shown = client.get(reverse("admin:django_celery_beat_periodictask_changelist"))
    assert "每周日 03:15" in shown.content.decode()


@pytest.mark.django_db
def test_a_time_that_is_none_is_refused_and_nothing_changes(
    client: Client, job: PeriodicTask, page: str
) -> None:
    answer = client.post(page, {"enabled": "on", "daily_at": "25:00"})
    assert answer.status_code == 200
    job.refresh_from_db()
    assert job.crontab is not None
    assert (job.enabled, job.crontab.hour) == (True, "2")


@pytest.mark.django_db
def test_the_list_names_jobs_and_times_in_words(client: Client, page: str) -> None:
    shown = client.get(reverse("admin:django_celery_beat_periodictask_changelist"))
    assert "夜间结算" in shown.content.decode()
    assert "每天 01:30" in shown.content.decode()


@pytest.mark.django_db
def test_the_last_run_is_told_by_the_bureaus_clock(
    client: Client, job: PeriodicTask, page: str
) -> None:
    assert "None" not in client.get(page).text
    PeriodicTask.objects.filter(pk=job.pk).update(
        last_run_at=datetime(2026, 9, 1, 17, 30, tzinfo=UTC)
    )
    assert "2026-09-02 01:30" in client.get(page).text
