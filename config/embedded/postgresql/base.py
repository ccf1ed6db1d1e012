"""The database backend named by `ENGINE: config.embedded.postgresql`."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from config.embedded.postgresql.server import PORT, USER, PostgresqlServer, server


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL on the embedded server, which the first connection starts."""

    def get_connection_params(self) -> dict[str, Any]:
        """Where the server listens; raises ImproperlyConfigured when DEBUG is off."""
        self.settings_dict.update(
            HOST=str(self._server().place.sockets), PORT=str(PORT), USER=USER, PASSWORD=""
        )
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, after starting the server if needed."""
        self._server().ensure_running()
        return super().get_new_connection(conn_params)

    def _server(self) -> PostgresqlServer:
        if not settings.PORTAL_EMBEDDED_SERVERS:
            raise ImproperlyConfigured(
                "DATABASE_URL is not set. The embedded PostgreSQL is for development and"
                " demonstration only and is refused when DEBUG is off."
            )
        return server(settings.PORTAL_DATA_DIR)
