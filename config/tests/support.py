"""What tests of whole commands share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[2]
Manage = Callable[..., subprocess.CompletedProcess[str]]


def environment(local: Path, **more: str) -> dict[str, str]:
    """The environment of a command without real servers, its data in `local`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTEST_", "PORTAL_")) and name != "SECRET_KEY"
    }
    clean = {"DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "1", "PORTAL_DATA_DIR": str(local)}
    return {**kept, **clean, **more}


def command(*arguments: str) -> list[str]:
    """The command line of `manage.py`."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def url_of(parameters: dict[str, Any]) -> str:
    """A DATABASE_URL for these parameters; a socket's folder goes into the query."""
    who = quote(parameters["user"])
    if parameters.get("password"):
        who += f":{quote(parameters['password'])}"
    where = urlencode({key: parameters[key] for key in ("host", "port") if parameters.get(key)})
    return f"postgres://{who}@/{parameters['dbname']}?{where}"
