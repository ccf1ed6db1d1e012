"""Health: what a load balancer, an operator and a command are told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from config.health import checks, views
from config.health.checks import Finding, examine, status_of
from config.machines.probes import PULSE, Broker
from enrollment.failures.services import record_failure
from enrollment.models import FailedJob
from enrollment.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Any:
    """No answer of a test before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queue and worker answer; no server is asked."""
    monkeypatch.setattr(checks, "ask_broker", lambda: Broker(1, 0))
    # What other tests have left of the schedule is not this installation's.
    PeriodicTask.objects.exclude(name=PULSE).update(enabled=False)


def found(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


def tick(age: timedelta | None) -> None:
    """The pulse's last run so long ago, or never; a test before may have emptied the table."""
    minute = IntervalSchedule.objects.get_or_create(every=60, period="seconds")[0]
    at = None if age is None else timezone.now() - age
    pulse = {"task": "config.pulse", "interval": minute, "last_run_at": at}
    PeriodicTask.objects.update_or_create(name=PULSE, defaults=pulse)


def test_the_process_says_that_it_lives_to_anybody(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("probe", ["/health/", "/health/ready"])
def test_a_probe_by_address_is_answered_and_a_page_is_not(client: Client, probe: str) -> None:
    """Containers and load balancers know no name of the portal."""
    assert client.get(probe, headers={"host": "172.18.0.4:8000"}).status_code in (200, 503)
    assert client.get("/login/", headers={"host": "172.18.0.4:8000"}).status_code == 400


def test_it_is_ready_when_everything_is_well(client: Client, alone: None) -> None:
    tick(timedelta(seconds=30))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_without_its_database_it_takes_no_requests(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> None:
        raise OperationalError("connection to server at 10.1.2.3 failed for user portal")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
    assert "10.1.2.3" not in str(checks._database().detail)


def test_without_a_worker_people_go_on_and_somebody_is_told(
    client: Client, alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(timedelta(seconds=30))
    monkeypatch.setattr(checks, "ask_broker", lambda: Broker(0, 0))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


@pytest.mark.parametrize(("age", "ok"), [(170, True), (190, False)])
def test_beat_is_missed_after_three_minutes(alone: None, age: int, ok: bool) -> None:
    tick(timedelta(seconds=age))
    assert found("beat").ok is ok


def test_beat_that_never_ran_is_missed(alone: None) -> None:
    tick(None)
    assert not found("beat").ok


@pytest.mark.parametrize(
    ("broker", "parts"),
    [
        (Broker(None, None, "TimeoutError"), {"queue", "worker"}),
        (Broker(1, 21), {"queue"}),
        (Broker(0, 0), {"worker"}),
        (Broker(2, 20), set()),
    ],
)
def test_queue_and_workers_each_by_its_own_sign(
    monkeypatch: pytest.MonkeyPatch, broker: Broker, parts: set[str]
) -> None:
    monkeypatch.setattr(checks, "ask_broker", lambda: broker)
    found = [one for one in examine() if one.name in ("queue", "worker")]
    assert {one.name for one in found if not one.ok} == parts
    if broker.failure:
        assert all(broker.failure in one.detail for one in found)


def test_a_job_that_was_not_sent_is_named(alone: None) -> None:
    tick(timedelta(seconds=30))
    crontab = CrontabSchedule.objects.create(minute="30", hour="1", timezone="Asia/Shanghai")
    job = PeriodicTask.objects.create(name="Nightly settlement 9", task="x", crontab=crontab)
    PeriodicTask.objects.filter(pk=job.pk).update(last_run_at=timezone.now() - timedelta(days=3))
    assert "Nightly settlement 9" in found("beat").detail
    assert not found("beat").ok


def test_a_failed_job_needs_somebody_until_it_is_noted(alone: None) -> None:
    tick(timedelta(seconds=30))
    record_failure("claims.settle_up_to", "1", ValueError("x"), at=timezone.now())
    assert not found("failed jobs").ok
    assert status_of(examine()) == "degraded"
    FailedJob.objects.update(
        noted_by=make_user([]), noted_at=timezone.now(), remedy="run again by hand"
    )
    assert status_of(examine()) == "ready"


def test_a_missing_migration_is_vital_and_named(alone: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'claims'")
    finding = found("migrations")
    assert not finding.ok
    assert "claims.0001" in finding.detail
    assert status_of([finding]) == "unavailable"


def test_static_files_that_were_not_collected_are_vital(
    alone: None, settings: Any, tmp_path: Any
) -> None:
    settings.STATIC_ROOT = tmp_path
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    assert not found("static files").ok
    (tmp_path / "staticfiles.json").write_text("{}")
    assert found("static files").ok


def test_static_files_that_the_process_may_not_read_are_named(
    alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed(dict[str, Any]):
        def __missing__(self, alias: str) -> Any:
            raise PermissionError(13, "Permission denied", "/srv/static/staticfiles.json")

    monkeypatch.setattr(checks, "storages", Closed())
    finding = found("static files")
    assert (finding.ok, finding.vital) == (False, True)
    assert "/srv/static/staticfiles.json" in finding.detail


def test_details_are_for_the_operator(client: Client, alone: None) -> None:
    client.cookies["django_language"] = "en"
    page = reverse("admin:health")
    client.force_login(make_user(["enrollment.view_person"]))
    assert client.get(page).status_code == 403
    client.force_login(make_user(["config.view_health"]))
    shown = client.get(page).content.decode()
    for words in ("PostgreSQL", "Schedule (beat)", "Worker"):
        assert words in shown


def test_the_command_ends_with_one_when_something_is_wrong(
    alone: None, capsys: pytest.CaptureFixture[str]
) -> None:
    tick(timedelta(hours=1))
    with pytest.raises(SystemExit) as ended:
        call_command("health")
    assert ended.value.code == 1
    assert '"degraded"' in capsys.readouterr().out
    tick(timedelta(0))
    call_command("health")
    assert '"ready"' in capsys.readouterr().out


def test_every_check_has_a_name_on_the_page(alone: None) -> None:
    assert {finding.name for finding in examine()} == set(views.NAMES)


def test_the_access_log_says_what_was_done_and_nothing_about_people(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    user = make_user(["enrollment.view_person"], username="tianlan", full_name="田兰")
    client.force_login(user)
    with caplog.at_level("INFO", "portal.access"):
        answer = client.get(reverse("admin:enrollment_person_changelist"), {"q": "彭志远"})
        client.get("/health/")
    (record,) = [one for one in caplog.records if one.name == "portal.access"]
    line = json.loads(record.getMessage())
    assert line["view"] == "admin:enrollment_person_changelist"
    assert (line["method"], line["status"]) == ("GET", answer.status_code)
    assert line["request"] == answer["X-Request-ID"]
    assert set(line) == {"request", "method", "view", "status", "ms"}
    assert "彭志远" not in record.getMessage()
