"""What stands in production: hashed static files, unit files that fit the processes."""

import configparser
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from config.checks.__main__ import _production
from config.proxy import RealAddressMiddleware
from config.tests.support import ROOT, command, environment
from enrollment.jobs.files import MAX_BYTES

UNITS = ROOT / "deploy" / "systemd"


@pytest.mark.parametrize("unit", ["portal-web", "portal-worker", "portal-beat", "portal-backup"])
def test_every_service_runs_as_an_ordinary_user_and_hardened(unit: str) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / f"{unit}.service")
    service = parser["Service"]
    assert service["User"] == "portal"
    assert service["EnvironmentFile"] == "/etc/portal/portal.env"
    for option in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices"):
        assert service[option] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_the_backup_follows_the_bureaus_clock_not_the_machines() -> None:
    timer = (UNITS / "portal-backup.timer").read_text()
    (calendar,) = re.findall(r"^OnCalendar=(.*)$", timer, flags=re.MULTILINE)
    assert calendar.endswith(f" {settings.TIME_ZONE}")


def test_a_restart_of_the_web_process_takes_over_changed_settings() -> None:
    """A reload would keep the environment that systemd read at the start."""
    assert "ExecReload" not in (UNITS / "portal-web.service").read_text()


def test_each_release_keeps_its_own_static_files() -> None:
    """Files collected for the next release must not land in the folder of the running one."""
    assert "STATIC_ROOT" not in (ROOT / "deploy" / "portal.env.example").read_text()


def test_the_proxy_lets_the_largest_roll_through() -> None:
    text = (ROOT / "deploy" / "nginx" / "portal.conf").read_text()
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(megabytes) << 20 > MAX_BYTES


@pytest.mark.parametrize(
    ("peer", "named", "seen"),
    [
        ("", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "x' OR 1=1", "127.0.0.1"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
    ],
)
def test_only_the_proxy_says_where_a_browser_is(
    rf: RequestFactory, peer: str, named: str, seen: str
) -> None:
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_REAL_IP=named)
    RealAddressMiddleware(lambda _request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == seen
    assert "HTTP_X_REAL_IP" not in request.META


def test_compose_runs_each_process_once_with_its_servers() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert set(services) == {"database", "queue", "migrate", "web", "worker", "beat"}
    for name in ("migrate", "web", "worker", "beat"):
        assert services[name]["environment"]["DEBUG"] == "0"
        assert services[name]["read_only"] is True
    assert "beat" in services["beat"]["command"]
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    assert services["web"]["environment"]["PORTAL_PROXIES"] == network["gateway"]
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_static_files_are_collected_hashed_and_compressed(tmp_path: Path) -> None:
    production = {**_production(), "STATIC_ROOT": str(tmp_path / "static")}
    done = subprocess.run(
        command("collectstatic", "--noinput"),
        env=environment(tmp_path, **production),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    for name in ("portal/portal.css", "portal/portal.js", "vendor/htmx/htmx.min.js"):
        assert manifest[name] != name
        assert (tmp_path / "static" / f"{manifest[name]}.gz").is_file()
        assert (tmp_path / "static" / manifest[name]).stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mode & 0o777 == 0o644
