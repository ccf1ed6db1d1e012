"""The portal's keys: from the environment, or made once and kept beside the local data."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env


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
    kept = data_dir / "secrets.json"
    if kept.exists():
        return PortalSecrets(**json.loads(kept.read_text()))
    made = PortalSecrets(secrets.token_urlsafe(50), [_key()], _key())
    data_dir.mkdir(parents=True, exist_ok=True)
    # O_EXCL: of two processes that start at once, one makes the keys and the other reads them.
    try:
        descriptor = os.open(kept.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return PortalSecrets(**json.loads(kept.read_text()))
    with os.fdopen(descriptor, "w") as stream:
        json.dump(asdict(made), stream)
    kept.with_suffix(".new").rename(kept)
    return made


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
