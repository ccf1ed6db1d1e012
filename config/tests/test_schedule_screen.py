"""The schedule's screen: an administrator switches a job off without breaking it."""

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from enrollment.access.models import User


@pytest.mark.django_db
def test_a_job_is_switched_off_and_keeps_its_task(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    crontab = CrontabSchedule.objects.create(hour="2", minute="0")
    job = PeriodicTask.objects.create(name="Night", task="a.b", crontab=crontab)
    url = reverse("admin:django_celery_beat_periodictask_change", args=[job.pk])
    page = client.get(url).content.decode()
    assert "<h1>Night</h1>" in page
    answer = client.post(
        url, {"name": "Night", "regtask": "", "task": "a.b", "crontab": crontab.pk}
    )
    assert answer.status_code == 302
    job.refresh_from_db()
    assert (job.enabled, job.task, job.crontab_id) == (False, "a.b", crontab.pk)
