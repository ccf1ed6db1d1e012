"""The portal's keys: from the environment, or made once and kept beside the local data."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from config.embedded.locks import exclusive


@dataclass(frozen=True)
class PortalSecrets:
    """Keys of one installation; the binary ones are base64 of 32 bytes."""

    secret_key: str
    field_keys: list[str]
    index_key: str


def portal_secrets(env: Env, data_dir: Path, *, generate: bool) -> PortalSecrets:
    """Read `SECRET_KEY`, `PORTAL_FIELD_KEYS` and `PORTAL_INDEX_KEY`.

    When none of them is set and `generate` is true (a demonstration or a developer's
    machine), keys are made once in `data_dir/secrets.json`, readable by its owner only.
    Raises ImproperlyConfigured when production lacks a key or only some are set.
    """
    names = ("SECRET_KEY", "PORTAL_FIELD_KEYS", "PORTAL_INDEX_KEY")
    missing = [name for name in names if not env.str(name, default="")]
    if not missing:
        return PortalSecrets(
            env.str("SECRET_KEY"), env.list("PORTAL_FIELD_KEYS"), env.str("PORTAL_INDEX_KEY")
        )
    if len(missing) < len(names) or not generate:
        raise ImproperlyConfigured(
            f"Set {', '.join(missing)} in the environment or .env (see .env.example)."
        )
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return _kept(data_dir / "secrets.json")
    except OSError as error:
        raise ImproperlyConfigured(
            f"The portal's keys cannot be kept in {data_dir} ({error.strerror}): it belongs to"
            " another user or is read-only. Set PORTAL_DATA_DIR to a directory of your own."
        ) from error


def _kept(file: Path) -> PortalSecrets:
    """Read the keys in `file`, or make them; of processes that start at once, one makes them."""
    with exclusive(file.with_suffix(".lock")):
        if not file.exists():
            made = PortalSecrets(secrets.token_urlsafe(50), [_key()], _key())
            unfinished = file.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                json.dump(asdict(made), stream)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.rename(file)
        return PortalSecrets(**json.loads(file.read_text()))


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
