"""What tests of whole commands share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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
