"""Making a backup: one file with dump, files and manifest."""

import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from config.backup.manifest import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    database_facts,
    file_name,
    key_probe,
    sha256_of,
)
from config.backup.programs import program, reach, run, server_major


@dataclass(frozen=True)
class Backup:
    """A finished backup file and its manifest."""

    path: Path
    sha256: str
    manifest: dict[str, Any]


def make_backup(folder: Path, *, at: datetime) -> Backup:
    """Write one backup of the present moment into the folder.

    Dump and figures share one database snapshot; people go on working meanwhile. The file is
    complete under its name or not there at all. Keys are never part of it. Raises Refusal.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as work:
        dump = Path(work) / DUMP
        facts = _dump(dump)
        files = _files(Path(work) / FILES)
        manifest = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "portal": portal_version(),
            "postgresql": server_major(connection),
            **facts,
            "dump_sha256": sha256_of(dump),
            "files": {name: sha256_of(path) for name, path in files},
            "keys": key_probe(),
        }
        unfinished = Path(work) / "backup"
        _pack(unfinished, dump, files, manifest)
        finished = folder / file_name(at)
        os.link(unfinished, finished)  # never over an older backup
    sha256 = sha256_of(finished)
    finished.with_suffix(".sha256").write_text(f"{sha256}  {finished.name}\n")
    return Backup(finished, sha256, manifest)


def old_backups(folder: Path, keep: int) -> list[Path]:
    """Backups beyond the newest `keep`, oldest first; none when `keep` is 0."""
    found = sorted(folder.glob("portal-*.backup"))
    return found[:-keep] if keep else []


def remove_backup(path: Path) -> None:
    """Delete a backup with its checksum."""
    path.unlink()
    path.with_suffix(".sha256").unlink(missing_ok=True)


def portal_version() -> str:
    """The portal's release as its project file says it."""
    try:
        return version("bureau-portal")
    except PackageNotFoundError:
        import tomllib

        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
        return str(project["project"]["version"])


def _dump(target: Path) -> dict[str, Any]:
    """The custom-format dump and the figures, both of one snapshot."""
    pg_dump = program("pg_dump", server_major(connection))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            row = cursor.fetchone()
        run(
            [
                pg_dump,
                *("--format", "custom", "--no-owner", "--no-privileges"),
                *("--snapshot", str(row[0] if row else "")),
                *("--file", str(target)),
            ],
            reach(connection.get_connection_params()),
        )
        return database_facts(connection)


def _files(copies: Path) -> list[tuple[str, Path]]:
    """Uploaded files by their path below MEDIA_ROOT, held fast as links (else copies).

    The dump came first, so what its rows name is there, or was taken away by its owner since.
    """
    root = Path(settings.MEDIA_ROOT)
    held = []
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix == ".part":
            continue
        name = path.relative_to(root).as_posix()
        copy = copies / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            _hold(path, copy)
        except FileNotFoundError:
            continue
        held.append((name, copy))
    return held


def _hold(path: Path, copy: Path) -> None:
    try:
        os.link(path, copy)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        shutil.copyfile(path, copy)


def _pack(
    target: Path, dump: Path, files: list[tuple[str, Path]], manifest: dict[str, Any]
) -> None:
    """The tar file, manifest first; the dump is compressed already."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as tar:
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(text), 0o600
            tar.addfile(head, BytesIO(text))
            tar.add(dump, DUMP)
            for name, path in files:
                tar.add(path, f"{FILES}{name}", recursive=False)
        stream.flush()
        os.fsync(stream.fileno())
