"""Bringing a backup back into an empty database, and proving that it is all there."""

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext as _
from environ import Env

from config.backup.manifest import DUMP, FILES, FORMAT, MANIFEST, database_facts, keys_fit
from config.backup.programs import program, reach, run, server_major
from enrollment.console.commands import Refusal

_LARGEST_MANIFEST = 50_000_000


@dataclass
class Restored:
    """What came back.

    Attributes:
        manifest: the backup's.
        differences: counts, sums or migrations that are not as in the manifest.
        keys_fit: whether this installation's keys open the restored data.
        files: how many uploaded files were written.
    """

    manifest: dict[str, Any]
    differences: list[str] = field(default_factory=list)
    keys_fit: bool = False
    files: int = 0


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a backup file; raises Refusal when it is none."""
    try:
        with tarfile.open(path, "r:") as tar:
            manifest: dict[str, Any] = json.loads(_member(tar, MANIFEST).read(_LARGEST_MANIFEST))
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise Refusal(_("%(file)s is no backup of the portal.") % {"file": path}) from error
    if manifest.get("format") != FORMAT:
        raise Refusal(
            _("%(file)s was made by another release: restore it with that one.") % {"file": path}
        )
    return manifest


def check_backup(path: Path, manifest: dict[str, Any]) -> None:
    """Compare every part with its checksum; raises Refusal when a part is damaged or missing."""
    expected = {DUMP: manifest["dump_sha256"]}
    expected |= {f"{FILES}{name}": value for name, value in manifest["files"].items()}
    try:
        with tarfile.open(path, "r:") as tar:
            for name, value in expected.items():
                if hashlib.file_digest(_member(tar, name), "sha256").hexdigest() != value:  # type: ignore[arg-type]
                    raise Refusal(
                        _("The backup is damaged (%(part)s): take an older one.") % {"part": name}
                    )
    except (KeyError, tarfile.TarError, OSError) as error:
        raise Refusal(
            _("The backup is incomplete (%(part)s): take an older one.") % {"part": error}
        ) from error


def require_empty(url: str) -> None:
    """Raise Refusal unless the database can be reached and holds no table."""
    with target_database(url) as connection:
        tables = connection.introspection.table_names()
    if tables:
        raise Refusal(
            _(
                "The database %(name)s is not empty (%(count)s tables). Make a new one "
                "(createdb) and restore into that."
            )
            % {"name": urlsplit(url).path.lstrip("/"), "count": len(tables)}
        )


def restore_backup(path: Path, url: str, files_to: Path | None) -> Restored:
    """Restore into the empty database in one transaction, write the files, compare all figures.

    Raises Refusal; the database is then as empty as before.
    """
    manifest = read_manifest(path)
    check_backup(path, manifest)
    require_empty(url)
    if manifest["files"] and files_to is None:
        raise Refusal(_("The backup holds uploaded files: say with --files-to where they go."))
    if files_to is not None and files_to.exists() and any(files_to.iterdir()):
        raise Refusal(_("%(folder)s is not empty: choose a new one.") % {"folder": files_to})
    done = Restored(manifest, keys_fit=keys_fit(manifest["keys"]))
    with tempfile.TemporaryDirectory(prefix="portal-restore-") as work:
        dump = Path(work) / DUMP
        with tarfile.open(path, "r:") as tar:
            _copy(tar, DUMP, dump)
        with target_database(url) as connection:
            pg_restore = program("pg_restore", server_major(connection))
            parameters = connection.get_connection_params()
        run(
            [
                pg_restore,
                *("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"),
                *("--dbname", str(parameters["dbname"]), str(dump)),
            ],
            reach(parameters),
        )
    if files_to is not None:
        done.files = _write_files(path, manifest, files_to)
    with target_database(url) as connection:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        done.differences = differences(manifest, database_facts(connection))
    return done


@contextmanager
def target_database(url: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection to the database of the URL; raises Refusal when it cannot be reached."""
    # A handler of its own: the portal's connections stay as they are.
    connection = ConnectionHandler({"default": Env.db_url_config(url)})["default"]
    try:
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            raise Refusal(
                _("The database of --into cannot be reached: %(said)s")
                % {"said": " ".join(str(error).split())[:300]}
            ) from error
        yield connection
    finally:
        connection.close()


def differences(manifest: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Counts, sums and migrations that are not as the manifest says."""
    different = []
    for kind in ("counts", "sums"):
        for name, value in manifest[kind].items():
            if found[kind].get(name) != value:
                different.append(f"{name}: {value} → {found[kind].get(name)}")
    if manifest["migrations"] != found["migrations"]:
        different.append("migrations")
    return different


def _write_files(path: Path, manifest: dict[str, Any], root: Path) -> int:
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "r:") as tar:
        for name in manifest["files"]:
            if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
                raise Refusal(_("The backup is damaged (%(part)s).") % {"part": name})
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(tar, f"{FILES}{name}", target)
    return len(manifest["files"])


def _copy(tar: tarfile.TarFile, name: str, target: Path) -> None:
    """The member's bytes alone: its owner, mode and links are nobody's business here."""
    with target.open("wb") as stream:
        shutil.copyfileobj(_member(tar, name), stream, 1 << 20)


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member
