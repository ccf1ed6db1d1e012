"""Run the whole portal on this machine with a small demonstration county."""

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from config.demo.processes import ProcessGroup
from config.demo.reach import answers, check_port, reach_database, reach_queue
from enrollment.console.commands import PortalCommand, Refusal

READY_WITHIN = 120  # seconds


class Interrupted(BaseException):
    """Somebody asked the demonstration to end."""


class Command(PortalCommand):
    """Web, worker and beat together until Ctrl-C; what it started, it stops.

    Prints the address and the accounts of the demonstration. Data stay: the next start finds
    them. Exit status 0 after Ctrl-C or SIGTERM, 1 when a process died, 2 when it cannot start.
    """

    help = "Runs the portal with a demonstration county: web, worker and beat together."

    def add_options(self, parser: CommandParser) -> None:
        """Where the web server listens."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="an IPv4 address")

    def run(self, **options: Any) -> None:
        """Reach the servers, migrate, load the county, run the processes."""
        host, port = options["host"], options["port"]
        if not settings.DEBUG:
            raise Refusal(_("The demonstration needs DEBUG on; it is no way to run a bureau."))
        check_port(host, port)
        with interruptible(), ExitStack() as after:
            try:
                died = self._run(host, port, after)
            except Interrupted:
                died = False
            finally:
                ignore_interrupts()
            self._say(_("Stopping …"))
        self._say(_("Stopped. The data are kept."))
        if died:
            sys.exit(1)

    def _run(self, host: str, port: int, after: ExitStack) -> bool:
        reach_database(after)
        reach_queue(after)
        call_command("migrate", verbosity=0, interactive=False)
        accounts = self._load_county()
        connections.close_all()
        processes = ProcessGroup(settings.PORTAL_DATA_DIR / "logs")
        after.callback(processes.stop)
        for name, command in commands(host, port).items():
            processes.start(name, command)
        ended = None
        deadline = time.monotonic() + READY_WITHIN
        while not answers(host, port) and time.monotonic() < deadline:
            ended = processes.ended()
            if ended:
                break
            time.sleep(0.1)
        if not ended:
            self._say(_("The portal runs at %(address)s") % {"address": f"http://{host}:{port}/"})
            if accounts:
                self._say(accounts)
            self._say(_("Logs: %(logs)s   End: Ctrl-C") % {"logs": processes.logs})
            watch_terminal()
            ended = processes.wait()
        self.note(
            _("%(name)s ended with status %(status)s:\n%(words)s")
            % {"name": ended.name, "status": ended.status, "words": ended.words}
        )
        return True

    def _load_county(self) -> str:
        """Load the demonstration county and return its accounts, a line each."""
        if "load_demo" not in get_commands():
            return ""
        printed = StringIO()
        call_command("load_demo", stdout=printed, stderr=self.stderr)
        report = json.loads(printed.getvalue() or "{}")
        return "\n".join(
            f"  {account['role']} {account.get('name', '')}:"
            f" {account['username']} / {account['password']}"
            for account in report.get("accounts", [])
        )

    def _say(self, text: str) -> None:
        """Tell the operator; the terminal may be gone."""
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, sys.stdout.fileno())
            os.dup2(null, sys.stderr.fileno())


def commands(host: str, port: int) -> dict[str, list[str]]:
    """Name → command line of each process."""
    manage = str(settings.BASE_DIR / "manage.py")
    celery = [sys.executable, "-m", "celery", "--workdir", str(settings.BASE_DIR)]
    celery += ["--app", "config.celery", "--quiet"]
    return {
        "web": [sys.executable, manage, "runserver", "--noreload", f"{host}:{port}"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "INFO"],
    }


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into Interrupted; `nohup` keeps its meaning."""
    chosen = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        chosen.append(signal.SIGHUP)
    before = {one: signal.signal(one, _interrupt) for one in chosen}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def watch_terminal() -> None:
    """Interrupt this process when its terminal closes.

    The system tells only the session's leader, which may be a `make` that waits for us.
    """
    if not sys.stdin.isatty():
        return
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)  # a closed terminal is reported unasked

    def watch() -> None:
        poll.poll()
        os.kill(os.getpid(), signal.SIGHUP)

    threading.Thread(target=watch, daemon=True).start()


def ignore_interrupts() -> None:
    """Let nothing break off the orderly end; it is bounded in time."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Interrupted
