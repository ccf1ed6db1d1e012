"""See and stop this checkout's embedded servers."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.embedded.broker import broker
from config.embedded.postgresql.server import server
from enrollment.console.commands import PortalCommand


class Command(PortalCommand):
    """`servers status` and `servers stop` print one JSON object on standard output."""

    help = "Shows or stops the embedded PostgreSQL and Redis of this data directory."

    def add_options(self, parser: CommandParser) -> None:
        """The one argument: what to do."""
        parser.add_argument("action", choices=["status", "stop"])

    def run(self, **options: Any) -> Mapping[str, Any]:
        """Status gives process, socket and data; stop says which servers ran."""
        postgresql = server(settings.PORTAL_DATA_DIR)
        redis = broker(settings.PORTAL_DATA_DIR)
        if options["action"] == "stop":
            ran = {"postgresql": postgresql.stop(), "redis": redis.stop()}
            return {"stopped": [name for name, stopped in ran.items() if stopped]}
        return {
            "postgresql": {
                "pid": postgresql.pid(),
                "socket": postgresql.socket,
                "data": postgresql.data,
            },
            "redis": {"pid": redis.pid(), "socket": redis.socket, "data": redis.place.redis},
        }
