"""Failed jobs: kept without anybody's data, seen by the operator, noted once."""

from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enrollment.access.models import User
from enrollment.failures import services
from enrollment.failures.names import JOBS
from enrollment.failures.services import NotedAlready, note_failure, record_failure
from enrollment.models import FailedJob
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db
OPERATOR = ["enrollment.view_failedjob", "enrollment.note_failedjob"]


def fail(error: Exception) -> FailedJob:
    record_failure("claims.what_if", "0a1b", error, at=timezone.now())
    return FailedJob.objects.latest("id")


def test_a_job_that_ends_in_an_error_becomes_a_row() -> None:
    @current_app.task(name="test.fails")  # type: ignore[untyped-decorator]
    def fails() -> None:
        raise ValueError("433127198001011234")

    try:
        fails.apply()
    finally:
        current_app.tasks.unregister("test.fails")
    job = FailedJob.objects.get()
    assert (job.task, job.kind, job.detail) == ("test.fails", "ValueError", "")
    assert job.task_id


def test_only_the_portals_own_words_are_kept() -> None:
    assert fail(SheetRefused("第一行没有列名。")).detail == "第一行没有列名。"
    assert fail(IntegrityError("Key (id_number)=(4331…) exists")).detail == ""


def test_a_database_that_is_away_hides_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**_values: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(services.FailedJob.objects, "create", away)
    record_failure("claims.what_if", "0a1b", ValueError("x"), at=timezone.now())
    assert "claims.what_if 0a1b failed: ValueError" in caplog.text
    assert "could not be kept: OperationalError" in caplog.text


def test_every_job_of_the_portal_has_a_name() -> None:
    current_app.loader.import_default_modules()
    own = {
        name for name in current_app.tasks if name.startswith(("enrollment.", "claims.", "config."))
    }
    assert own
    assert own == set(JOBS)


def test_it_is_noted_once_with_what_was_done() -> None:
    job, operator = fail(ValueError("x")), User.objects.create_user("op")
    with pytest.raises(ValidationError):
        note_failure(job, actor=operator, at=timezone.now(), remedy=" ")
    note_failure(job, actor=operator, at=timezone.now(), remedy="已释放磁盘空间，重新运行")
    with pytest.raises(NotedAlready):
        note_failure(job, actor=operator, at=timezone.now(), remedy="again")
    with pytest.raises(IntegrityError, match="failed_job_noted_whole"), transaction.atomic():
        FailedJob.objects.update(remedy="")


def test_the_operator_finds_it_on_the_desk_and_takes_note(client: Client) -> None:
    make_bureau()
    job = fail(SheetRefused("第一行没有列名。"))
    client.force_login(make_user(OPERATOR))
    client.cookies["django_language"] = "en"
    waiting = reverse("admin:enrollment_failedjob_changelist") + "?state=open"
    assert waiting in client.get("/").content.decode()
    listed = client.get(waiting).content.decode()
    assert "What-if run" in listed
    page = client.get(reverse("admin:enrollment_failedjob_change", args=[job.pk]))
    (button,) = page.context["object_actions"]
    assert client.post(button.url, {"remedy": ""}).status_code == 200
    answer = client.post(button.url, {"remedy": "Sent a corrected file."})
    assert answer.headers["Location"] == waiting
    assert not client.get(waiting).context["cl"].result_list
    assert "already" in client.get(button.url).content.decode()
    client.force_login(make_user(["enrollment.view_failedjob"]))
    assert client.get(button.url).status_code == 403
