"""The files themselves: random names below MEDIA_ROOT, no path from outside."""

import os
import secrets
from pathlib import Path

from django.conf import settings

_NAME_BYTES = 16


def store(content: bytes) -> str:
    """Write the file to disk for good and return its random name."""
    name = secrets.token_hex(_NAME_BYTES)
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(path)
    return name


def fetch(name: str) -> bytes:
    """The content of a stored file; FileNotFoundError when it is gone."""
    return _path(name).read_bytes()


def destroy(name: str) -> None:
    """Take the file from disk; one that is gone is no error."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    if len(name) != 2 * _NAME_BYTES or not set(name) <= set("0123456789abcdef"):
        raise ValueError("not the name of a stored file")
    return Path(settings.MEDIA_ROOT) / "scans" / name[:2] / name
