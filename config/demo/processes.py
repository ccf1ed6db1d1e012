"""Several processes that run and end together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

PATIENCE = 20.0  # seconds between asking a process to end and killing it
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


@dataclass(frozen=True)
class Ended:
    """A process that ended by itself, and the last it said."""

    name: str
    status: int
    words: str


@dataclass
class ProcessGroup:
    """Processes, each in a session of its own and with a log of its own in `logs`."""

    logs: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process. It ends also when this one is killed (on Linux)."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("wb") as log:
            # preexec_fn: the threads of `wait` do not run yet.
            process = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self._running[name] = process

    def wait(self) -> Ended:
        """Wait until one of them ends by itself."""
        for name, process in self._running.items():
            threading.Thread(target=self._watch, args=(name, process), daemon=True).start()
        return self._describe(self._ended.get())

    def ended(self) -> Ended | None:
        """One that has ended already, without waiting."""
        for name, process in self._running.items():
            if process.poll() is not None:
                return self._describe(name)
        return None

    def stop(self) -> None:
        """End all with everything they started; kills what does not end in time."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        self._signal(signal.SIGKILL)
        for process in self._running.values():
            process.wait()

    def _signal(self, how: signal.Signals) -> None:
        for process in reversed(self._running.values()):
            try:
                os.killpg(process.pid, how)
            except (ProcessLookupError, PermissionError):
                continue  # the whole session has ended

    def _watch(self, name: str, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._ended.put(name)

    def _describe(self, name: str) -> Ended:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return Ended(name, self._running[name].wait(), "\n".join(lines[-8:]))

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
