"""The portal's processes for the soak: kept alive as systemd keeps them, and killed.

Web, worker and beat are the commands of `deploy/systemd`; the database is the embedded
PostgreSQL, an ordinary server of its own. Whatever ends comes back after `RESTART_AFTER`
seconds (`RestartSec` of the units), the worker's task with it once the broker gives it out again.
"""

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg

from config.embedded.postgresql.server import PostgresqlServer

RESTART_AFTER = 3  # seconds
SET_CHILD_SUBREAPER = 36  # prctl(2)
TARGETS = ("worker", "beat", "web", "database")
_RUNNING = "SELECT resumed FROM claims_settlementrun WHERE state = 'running'"


class Machines:
    """The processes; a thread starts again what has ended."""

    def __init__(self, root: Path, logs: Path, port: int, database: PostgresqlServer) -> None:
        """`logs` takes a file for each process; the database runs already."""
        celery = [sys.executable, "-m", "celery", "--app", "config.celery"]
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        self._commands = {
            "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"],
            "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
            "web": [*gunicorn, "--bind", f"127.0.0.1:{port}", "config.wsgi"],
        }
        self._root, self._logs, self._database = root, logs, database
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """All of them, and their keeper."""
        for name in self._commands:
            self._start(name)
        self._keeper.start()

    def kill(self, name: str) -> None:
        """SIGKILL, at once to the process and to all that it has started."""
        pid = self._database.pid() if name == "database" else self._processes[name].pid
        if pid is None:
            return
        try:
            parent = psutil.Process(pid)
            family = [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in family:
            if name == "database" or process is not parent:
                _bury(process.pid)

    def stop(self) -> None:
        """End all but the database."""
        self._stopping.set()
        self._keeper.join(30)
        for process in self._processes.values():
            process.terminate()
        for name, process in self._processes.items():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill(name)

    def _start(self, name: str) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self._commands[name],
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PORTAL_WEB_WORKERS": "1"},
                start_new_session=True,
            )

    def _keep(self) -> None:
        while not self._stopping.wait(0.2):
            ended = [
                name for name, process in self._processes.items() if process.poll() is not None
            ]
            down = self._database.pid() is None
            if not ended and not down:
                continue
            if self._stopping.wait(RESTART_AFTER):
                return
            if down:
                self._database.ensure_running()
            for name in ended:
                self._start(name)


def adopt_orphans() -> None:
    """Become the parent of whatever loses its own, in place of an init that may not bury them.

    A killed server that nobody has buried looks alive to the next one.
    """
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)


def _bury(pid: int, patience: int = 10) -> None:
    """Take note of the end of an adopted process."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:  # not adopted yet, or somebody else's
            if not psutil.pid_exists(pid):
                return
        time.sleep(0.02)


class Background:
    """Something that goes on in a thread of its own until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; may be called again."""
        self._stopping.set()
        self._thread.join(60)

    def _work(self) -> None:
        """Until `_stopping` is set."""
        raise NotImplementedError


class Killer(Background):
    """Kills one process after another at instants drawn from a seed.

    Two kills of three are aimed: they wait until a settlement runs and strike within its first
    moments. The others fall anywhere.
    """

    def __init__(self, machines: Machines, seed: int, connect: Callable[[], Any]) -> None:
        """`connect` gives a connection of psycopg to the portal's database."""
        super().__init__()
        self._machines, self._connect = machines, connect
        self._chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.kills: Counter[str] = Counter()
        self.aimed = 0

    def _work(self) -> None:
        while not self._stopping.wait(self._chance.uniform(1, 4)):
            target = self._chance.choice(TARGETS)
            if self._chance.randrange(3):
                if not self._await_run():
                    continue
                self.aimed += 1
                self._stopping.wait(self._chance.randrange(800) / 1000)
            self._machines.kill(target)
            self.kills[target] += 1

    def _await_run(self, patience: int = 30) -> bool:
        """Whether a settlement has begun to run before patience ended."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    while time.monotonic() < deadline and not self._stopping.wait(0.01):
                        if connection.execute(_RUNNING).fetchone():
                            return True
            except psycopg.Error:
                self._stopping.wait(0.2)
        return False


class Visitor(Background):
    """Asks the web for its login page without end; counts answers and failures."""

    def __init__(self, address: str) -> None:
        """`address` of the web."""
        super().__init__()
        self._address = address
        self.answers: Counter[str] = Counter()

    def _work(self) -> None:
        while not self._stopping.wait(0.1):
            try:
                with urlopen(f"{self._address}/login/", timeout=10) as answer:  # noqa: S310
                    self.answers["answered" if answer.status == 200 else "failed"] += 1
            except (URLError, OSError, ValueError):
                self.answers["failed"] += 1
