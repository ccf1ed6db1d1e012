"""The demonstration: starts all, stops all, says in one line why it cannot."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.embedded.broker import broker
from config.embedded.postgresql.server import server
from config.embedded.programs import alive
from config.tests.support import command, environment


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo(local: Path, port: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Demonstrations of this test; ended afterwards."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.terminate()
        process.communicate(timeout=ENDS_WITHIN)


# Twenty seconds for the processes, then the servers.
ENDS_WITHIN = 60


def start(local: Path, port: int) -> subprocess.Popen[str]:
    """Start it and wait until it names its address."""
    process = subprocess.Popen(
        command("demo", "--port", str(port), "--lang", "en"),
        env=environment(local),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Tests that run under `nohup` hand down that it is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if f"http://127.0.0.1:{port}/" in line:
            return process
    process.communicate(timeout=ENDS_WITHIN)
    pytest.fail("".join(said))


def children(parent: int) -> dict[str, int]:
    """What a demonstration started: web, worker, beat → process id."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text()
            line = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            name = next((n for n in ("runserver", "worker", "beat") if n.encode() in line), "other")
            found[name] = int(entry.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_all_run_together_and_end_together(
    local: Path, port: int, demo: list[subprocess.Popen[str]]
) -> None:
    demo.append(start(local, port))
    running = children(demo[0].pid)
    assert set(running) == {"runserver", "worker", "beat"}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/admin/css/base.css") as answer:
        assert answer.status == 200
    os.kill(running["worker"], signal.SIGKILL)
    said, _nothing = demo[0].communicate(timeout=ENDS_WITHIN)
    assert demo[0].returncode == 1
    assert "worker ended with status -9" in said
    assert not any(map(alive, running.values()))
    assert server(local).pid() is None
    assert broker(local).pid() is None

    # The second start finds its data; a closed terminal ends it in order.
    demo.append(start(local, port))
    running = children(demo[1].pid)
    demo[1].send_signal(signal.SIGHUP)
    said, _nothing = demo[1].communicate(timeout=ENDS_WITHIN)
    assert (demo[1].returncode, said.splitlines()[-1]) == (0, "Stopped. The data are kept.")
    assert not any(map(alive, running.values()))
    assert server(local).pid() is None


def refused(local: Path, *arguments: str, **more: str) -> str:
    """The one line of a demonstration that does not start."""
    done = subprocess.run(
        command("demo", "--lang", "en", *arguments),
        env=environment(local, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("As root:")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_port_in_use_is_one_line(local: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        said = refused(local, "--port", port)
    assert said.startswith(f"Port {port} on 127.0.0.1 cannot be used (Address already in use).")
    assert not (local / "postgresql").exists()


def test_an_unreachable_server_is_one_line(local: Path, port: int) -> None:
    said = refused(local, "--port", str(port), DATABASE_URL="postgres://a:b@127.0.0.1:1/c")
    assert said.startswith("The database cannot be reached: ")
    assert said.endswith("leave it out to use the embedded PostgreSQL.")
    said = refused(local, "--port", str(port), REDIS_URL="redis://127.0.0.1:1/0")
    assert said.startswith("The queue cannot be reached: ")
    assert server(local).pid() is None


def test_not_in_production(local: Path) -> None:
    keys = {"SECRET_KEY": "s" * 60, "PORTAL_FIELD_KEYS": "a" * 43 + "=", "DEBUG": "0"}
    said = refused(local, PORTAL_INDEX_KEY="b" * 43 + "=", **keys)
    assert said == "The demonstration needs DEBUG on; it is no way to run a bureau."
