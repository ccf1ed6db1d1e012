"""See and stop this checkout's embedded servers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.embedded.broker import broker
from config.embedded.postgresql.server import server


class Command(BaseCommand):
    """`servers status` and `servers stop` print one JSON object on standard output."""

    help = "Shows or stops the embedded PostgreSQL and Redis of this data directory."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The one argument: what to do."""
        parser.add_argument("action", choices=["status", "stop"])

    def handle(self, *_args: Any, action: str, **_options: Any) -> None:
        """Status gives process, socket and data; stop says which servers ran."""
        postgresql = server(settings.PORTAL_DATA_DIR)
        redis = broker(settings.PORTAL_DATA_DIR)
        report: dict[str, object]
        if action == "stop":
            report = {
                "stopped": [
                    name
                    for name, stopped in [
                        ("postgresql", postgresql.stop()),
                        ("redis", redis.stop()),
                    ]
                    if stopped
                ]
            }
        else:
            report = {
                "postgresql": {
                    "pid": postgresql.pid(),
                    "socket": str(postgresql.socket),
                    "data": str(postgresql.data),
                },
                "redis": {
                    "pid": redis.pid(),
                    "socket": str(redis.socket),
                    "data": str(redis.place.redis),
                },
            }
        self.stdout.write(json.dumps(report, ensure_ascii=False))
