"""A real Celery worker on the test database, on a queue of the test's own."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celery import current_app
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The test database as a URL, for another process."""
    params = connection.get_connection_params()
    who = f"{params.get('user') or ''}:{params.get('password') or ''}"
    host, port = str(params.get("host") or ""), params.get("port")
    if host.startswith("/"):
        where = "&".join([f"host={quote(host)}", *([f"port={port}"] if port else [])])
        return f"postgres://{who}@/{params['dbname']}?{where}"
    return f"postgres://{who}@{host}{f':{port}' if port else ''}/{params['dbname']}"


@contextmanager
def own_queue() -> Iterator[str]:
    """Tasks sent meanwhile go to a queue that nobody else reads."""
    name = f"test-{uuid.uuid4().hex}"
    before = current_app.conf.task_default_queue

    def use(queue: str) -> None:
        current_app.conf.task_default_queue = queue
        current_app.amqp.__dict__.pop("queues", None)
        current_app.amqp.__dict__.pop("router", None)

    use(name)
    try:
        yield name
    finally:
        use(before)


class Worker:
    """One process for tasks."""

    def __init__(self, queue: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "warning"),
                *("-Q", queue, "-n", f"{uuid.uuid4().hex}@test", "--without-mingle"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "CELERY_QUEUE": queue,
                **environment,
            },
        )

    def kill(self) -> None:
        """SIGKILL, as an outage would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


def wait_until(condition: Callable[[], Any], seconds: float = 60, what: str = "") -> Any:
    """Ask again and again until the condition holds; fails after the deadline."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        pause.wait(0.05)
    return found
