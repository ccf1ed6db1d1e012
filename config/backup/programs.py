"""pg_dump and pg_restore, and how they reach a database."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from config.embedded.locations import server_place
from config.embedded.programs import postgresql_programs
from enrollment.console.commands import Refusal


def program(name: str, server_major: int) -> str:
    """The path of a PostgreSQL client program that is not older than the server.

    Those of the server's own version first (Debian), then the ones on the path, then those of
    the embedded wheel. Raises Refusal with what to install.
    """
    candidates = [
        *(f"/usr/lib/postgresql/{major}/bin/{name}" for major in range(server_major, 30)),
        shutil.which(name) or "",
        _embedded(name),
    ]
    for path in candidates:
        if path and Path(path).is_file() and _major(path) >= server_major:
            return path
    raise Refusal(
        _(
            "%(program)s of PostgreSQL %(major)s or newer is not installed: "
            "apt-get install postgresql-client-%(major)s"
        )
        % {"program": name, "major": server_major}
    )


def server_major(connection: BaseDatabaseWrapper) -> int:
    """The server's major version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def reach(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The environment by which libpq's programs reach a database; no password on a command line.

    `parameters` are those of `DatabaseWrapper.get_connection_params()`.
    """
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    given = {
        variable: str(parameters[key]) for key, variable in names.items() if parameters.get(key)
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **given}


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run to its end; raises Refusal with the program's own last words."""
    done = subprocess.run(  # noqa: S603  PostgreSQL's own programs
        list(command), env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-600:]
        raise Refusal(
            _("%(program)s failed: %(said)s") % {"program": Path(command[0]).name, "said": said}
        )


def _embedded(name: str) -> str:
    if not settings.PORTAL_EMBEDDED_SERVERS:
        return ""
    try:
        return str(postgresql_programs(server_place(settings.PORTAL_DATA_DIR)) / name)
    except ImproperlyConfigured:
        return ""


def _major(path: str) -> int:
    done = subprocess.run(  # noqa: S603  PostgreSQL's own program
        [path, "--version"], capture_output=True, text=True, check=False
    )
    words = done.stdout.split()
    digits = words[2].split(".")[0] if len(words) > 2 else ""
    return int(digits) if digits.isdigit() else 0
