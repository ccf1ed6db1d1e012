"""The database of a bench, and the machine it runs on."""

import os
import platform
from typing import Any
from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """The bench's database for worker processes."""
    params = connection.get_connection_params()
    who = f"{params.get('user') or ''}:{params.get('password') or ''}"
    host, port = str(params.get("host") or ""), params.get("port")
    if host.startswith("/"):
        where = "&".join([f"host={quote(host)}", *([f"port={port}"] if port else [])])
        return f"postgres://{who}@/{params['dbname']}?{where}"
    return f"postgres://{who}@{host}{f':{port}' if port else ''}/{params['dbname']}"


def machine() -> dict[str, Any]:
    """What it ran on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "postgresql": server.split()[0],
    }
