"""The system's Chromium, and a real worker on the test database."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from config.celery import app
from config.checks.system import chromium
from config.tests.browser.driving import Clerk, sit_down

# Chromium without what calls home or needs rights that a test machine does not give.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_PLACE = ("USER", "PASSWORD", "HOST", "PORT", "NAME")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each member of staff gets a window of their own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        yield started
        started.close()


@pytest.fixture
def desk(browser: Browser, live_server) -> Iterator[Callable[[], Clerk]]:
    """Opens a window at the live portal: `clerk = desk()`."""
    yield lambda: sit_down(browser, live_server.url)
    for context in browser.contexts:
        context.close()


@pytest.fixture
def worker(transactional_db, tmp_path: Path) -> Iterator[Path]:
    """A real Celery worker on the test database, on a queue of its own; yields its log."""
    queue = f"test-{uuid4().hex[:12]}"
    usual = app.conf.task_default_queue
    _send_to(queue)
    log = tmp_path / "worker.log"
    celery = [sys.executable, "-m", "celery", "--app", "config.celery", "worker"]
    options = ["--concurrency", "1", "--queues", queue, "--loglevel", "INFO", "--without-mingle"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*celery, *options, "--without-gossip", "--hostname", f"{queue}@%h"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": _database_url()},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _send_to(usual)


def _send_to(queue: str) -> None:
    """Let this process send its tasks to the queue."""
    app.conf.task_default_queue = queue
    for cached in ("queues", "router"):
        app.amqp.__dict__.pop(cached, None)


def _database_url() -> str:
    """The test database, for another process."""
    facts = {name: quote(str(connection.settings_dict[name]), safe="") for name in _PLACE}
    socket = facts["HOST"].startswith("%2F")  # as a host it would lose its capital letters
    host, query = ("", f"?host={facts['HOST']}") if socket else (facts["HOST"], "")
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{host}{port}/{facts['NAME']}{query}"
