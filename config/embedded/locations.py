"""Where this checkout keeps its embedded servers' data and its generated secrets."""

import hashlib
import os
import pwd
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.embedded.locks import exclusive

# As root, data that an ordinary user cannot reach in the checkout go below this directory.
SYSTEM_HOME = Path("/var/lib/bureau-portal")
# The system's limit for a socket's path is about 107 bytes; PostgreSQL adds 16 of its own.
LONGEST_SOCKET_DIR = 88


@dataclass(frozen=True)
class ServerAccount:
    """The ordinary user that runs the servers when the portal's command is run by root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class ServerPlace:
    """Where the servers of one data directory live, and as whom.

    `tag` stands in the servers' command lines, so that they are found whatever becomes of
    their files. `account` is None unless the current user is root.
    """

    tag: str
    home: Path
    sockets: Path
    account: ServerAccount | None

    @property
    def postgresql(self) -> Path:
        """PostgreSQL's data."""
        return self.home / "postgresql"

    @property
    def redis(self) -> Path:
        """Redis's data."""
        return self.home / "redis"

    @property
    def lock(self) -> Path:
        """Held while a server is started or stopped."""
        return self.home / "servers.lock"


def data_dir(base_dir: Path) -> Path:
    """The directory of local data: `PORTAL_DATA_DIR`, else `var/` of the checkout."""
    named = os.environ.get("PORTAL_DATA_DIR", "")
    return Path(named).resolve() if named else base_dir / "var"


def server_place(local: Path) -> ServerPlace:
    """The servers' place for the data directory `local`, which is made when missing.

    Raises ImproperlyConfigured when the directory cannot be written.
    """
    try:
        local.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{local} cannot be made ({error.strerror}); set PORTAL_DATA_DIR to a directory of"
            " your own."
        ) from error
    tag = f"portal-{_digest(str(local))}"
    account = _server_account(local) if os.geteuid() == 0 else None
    home = local
    if account and not passable(local.parent):
        home = SYSTEM_HOME / _digest(f"{local} {_identity(local)}")
    sockets = home / "run"
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_DIR:
        sockets = Path("/tmp") / tag  # noqa: S108 - made and checked by held()
    return ServerPlace(tag, home, sockets, account)


@contextmanager
def held(place: ServerPlace) -> Iterator[None]:
    """Hold the lock of a place whose directories are made, for the servers' user only.

    Raises ImproperlyConfigured when a directory cannot be made or belongs to somebody else.
    """
    try:
        _make_home(place)
        with exclusive(place.lock):
            for directory in (place.postgresql, place.redis, place.sockets):
                _make_private(directory, place.account)
            yield
    except OSError as error:
        raise ImproperlyConfigured(
            f"{place.home} cannot be used ({error.strerror}); set PORTAL_DATA_DIR to a directory"
            " of your own."
        ) from error


def _make_home(place: ServerPlace) -> None:
    if place.account and not place.postgresql.exists():
        sys.stderr.write(
            f"As root: PostgreSQL and Redis run as user {place.account.name}, their data are in"
            f" {place.home}.\n"
        )
    place.home.mkdir(parents=True, exist_ok=True)
    if place.account:
        # Passage for the servers' user, not a listing; directories above are not opened.
        ours = {place.home}
        if place.home.parent == SYSTEM_HOME:
            ours.add(SYSTEM_HOME)
        for directory in ours:
            directory.chmod(stat.S_IMODE(directory.stat().st_mode) | 0o011)


def _make_private(directory: Path, account: ServerAccount | None) -> None:
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account:
            os.chown(directory, account.uid, account.gid)
    seen = directory.lstat()
    if seen.st_uid != (account.uid if account else os.geteuid()) or not stat.S_ISDIR(seen.st_mode):
        raise ImproperlyConfigured(
            f"{directory} belongs to another user; set PORTAL_DATA_DIR to a directory of your own."
        )


def passable(directory: Path) -> bool:
    """Whether every user may pass through `directory` and all above it."""
    return all(
        part.stat().st_mode & stat.S_IXOTH for part in (directory, *directory.resolve().parents)
    )


def _server_account(local: Path) -> ServerAccount:
    """The owner of the data that are already there, else `nobody`."""
    existing = local / "postgresql"
    uid = existing.lstat().st_uid if existing.is_dir() else 0
    try:
        entry = pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")
    except KeyError as error:
        raise ImproperlyConfigured(
            "As root the embedded servers need an ordinary user, and there is no `nobody`; run"
            " as an ordinary user or set DATABASE_URL and REDIS_URL."
        ) from error
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _identity(local: Path) -> str:
    """A word made once per data directory: one that was deleted and made anew starts empty."""
    kept = local / "servers.id"
    with exclusive(local / "servers.id.lock"):
        if not kept.exists():
            kept.write_text(secrets.token_hex(8))
        return kept.read_text()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
