"""Every check of the project, each with a line and its time: `python -m config.checks`.

All run, also after a failure; the exit status is 1 when one failed. What the machine lacks
for some tests (Chromium, Pango) is named on a line of its own at the end; where `CI` is set
it is a failure. Embedded servers that the run started are stopped at its end.
"""

import os
import secrets
import subprocess
import sys
import sysconfig
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
from environ import Env

from config.checks.system import missing
from config.embedded.broker import broker
from config.embedded.locations import data_dir
from config.embedded.postgresql.server import DATABASE, PORT, USER, server

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class Check:
    """One command; `shown` lets its output through, else only a failure shows it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    shown: bool = False


def checks() -> list[Check]:
    """The checks beside the tests, longest first."""
    local = {**os.environ, "DEBUG": "1"}
    return [
        Check("types", [_script("mypy"), "."], local),
        Check("lint", [_script("ruff"), "check", "."], local),
        Check("format", [_script("ruff"), "format", "--check", "."], local),
        Check("import direction", [_script("lint-imports")], local),
        Check("migrations complete", _manage("makemigrations", "--check", "--dry-run"), local),
        Check(
            "deployment settings",
            _manage("check", "--deploy", "--fail-level", "WARNING"),
            {**os.environ, **_production()},
        ),
        Check("catalogue complete", _manage("catalogue", "--check"), local),
    ]


def tests(arguments: list[str]) -> Check:
    """All tests, on two processes."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]
    return Check("tests", command, {**os.environ, "DEBUG": "1"}, shown=True)


def main(arguments: list[str]) -> int:
    """Run all; `arguments` go to pytest. Returns the exit status."""
    Env.read_env(ROOT / ".env")
    lacking = missing()
    # Servers of their own: a demonstration that runs here keeps its queue to itself.
    os.environ.setdefault("PORTAL_DATA_DIR", str(ROOT / "var" / "test"))
    local = data_dir(ROOT)
    idle = [one for one in (server(local), broker(local)) if one.pid() is None]
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            passed = list(pool.map(_run, checks()))
        if not os.environ.get("DATABASE_URL"):
            _forget_at_a_crash(local)
        passed.append(_run(tests(arguments)))
    finally:
        for one in idle:
            one.stop()
    for marker, reason in lacking.items():
        _say(f"NOT RUN: the tests marked `{marker}`, {reason}")
    if lacking and os.environ.get("CI"):
        passed.append(False)
    _say("All checks passed." if all(passed) else "Some checks FAILED.")
    return 0 if all(passed) else 1


def _forget_at_a_crash(local: Path) -> None:
    """The tests' own server need not outlive a power failure: it never waits for the disk."""
    own = server(local)
    own.ensure_running()
    with psycopg.connect(
        host=str(own.place.sockets), port=PORT, user=USER, dbname=DATABASE, autocommit=True
    ) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _run(check: Check) -> bool:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - fixed commands
        check.command,
        cwd=ROOT,
        env=check.environment,
        stdout=None if check.shown else subprocess.PIPE,
        stderr=None if check.shown else subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "FAILED" if done.returncode else "ok"
    said = f"\n{done.stdout.rstrip()}" if done.returncode and done.stdout else ""
    _say(f"{word:<7}{time.monotonic() - began:6.1f} s  {check.name}{said}")
    return done.returncode == 0


def _production() -> dict[str, str]:
    """A production's environment; nothing connects to the servers it names."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PORTAL_FIELD_KEYS": b64encode(secrets.token_bytes(32)).decode(),
        "PORTAL_INDEX_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": "postgres://portal@db.example/portal",
        "REDIS_URL": "redis://queue.example/0",
    }


def _script(name: str) -> str:
    return str(SCRIPTS / name)


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
