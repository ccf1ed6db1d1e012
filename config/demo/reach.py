"""Whether the servers and the port that the demonstration needs can be had."""

import socket
from contextlib import ExitStack

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from config.celery import app
from config.embedded.broker import RedisServer, broker
from config.embedded.postgresql.server import PostgresqlServer, server
from enrollment.console.commands import Refusal
from enrollment.console.database import one_line, unreachable


def check_port(host: str, port: int) -> None:
    """Raise Refusal when nothing can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise Refusal(
                _(
                    "Port %(port)s on %(host)s cannot be used (%(error)s). Choose another, such as:"
                    " make demo PORT=8010"
                )
                % {"port": port, "host": host, "error": getattr(error, "strerror", error)}
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def reach_database(after: ExitStack) -> None:
    """Connect, starting the embedded server if need be; `after` stops what was started.

    Raises Refusal when the database cannot be reached.
    """
    try:
        if connection.settings_dict["ENGINE"] == "config.embedded.postgresql":
            _start(server(settings.PORTAL_DATA_DIR), after)
        connection.ensure_connection()
    except (OperationalError, ImproperlyConfigured) as error:
        raise Refusal(unreachable(error)) from error


def reach_queue(after: ExitStack) -> None:
    """The same for the broker."""
    try:
        if not settings.REDIS_URL:
            _start(broker(settings.PORTAL_DATA_DIR), after)
        with app.connection_for_write() as queue:
            queue.ensure_connection(max_retries=1, timeout=5)
    except (BrokerError, ImproperlyConfigured, ValueError, KeyError) as error:
        raise Refusal(
            _(
                "The queue cannot be reached: %(error)s Check REDIS_URL, or leave it out to use the"
                " embedded Redis."
            )
            % {"error": one_line(error)}
        ) from error


def _start(embedded: PostgresqlServer | RedisServer, after: ExitStack) -> None:
    if embedded.pid() is None:
        after.callback(embedded.stop)  # before the start, which may be interrupted
        embedded.ensure_running()
