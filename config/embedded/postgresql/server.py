"""The embedded PostgreSQL: made, started, seen and stopped."""

import os
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.embedded.locations import ServerPlace, held, server_place
from config.embedded.programs import alive, end, postgresql_programs, run, tagged

USER = "portal"
DATABASE = "portal"
PORT = 5432  # only a part of the socket's name


@dataclass(frozen=True)
class PostgresqlServer:
    """The server of one data directory."""

    place: ServerPlace

    @property
    def data(self) -> Path:
        """The database cluster; its format belongs to the major version in its name."""
        return self.place.postgresql / "18"

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.place.sockets / f".s.PGSQL.{PORT}"

    def pid(self) -> int | None:
        """Process id of the server when it accepts connections, else None."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return None
        if len(lines) < 8 or lines[7].strip() != "ready" or not alive(int(lines[0])):
            return None
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return None
        return int(lines[0])

    def ensure_running(self) -> bool:
        """Start the server unless it runs; true when this call started it.

        Of processes that ask at once, one starts it and the others wait. Raises
        ImproperlyConfigured with the server's words when it cannot start.
        """
        if self.pid() is not None:
            return False
        with held(self.place):
            if self.pid() is not None:
                return False
            programs = postgresql_programs(self.place)
            # Left over when the data directory was deleted under a running server.
            end(tagged(self.place, "postgres"), signal.SIGINT)
            if not self.data.exists():
                self._make(programs)
            self._start(programs)
        return True

    def stop(self) -> bool:
        """Stop the server, breaking off open transactions; true when it ran."""
        running = self.pid()
        found = {*tagged(self.place, "postgres"), *([running] if running else [])}
        end(sorted(found), signal.SIGINT)
        return bool(found)

    def _make(self, programs: Path) -> None:
        """Make the database cluster and the portal's empty database."""
        unfinished = self.place.postgresql / "new"
        shutil.rmtree(unfinished, ignore_errors=True)
        run(
            self.place,
            programs / "initdb",
            *("--username", USER, "--auth", "trust", "--encoding", "UTF8"),
            *("--locale-provider", "builtin", "--locale", "C.UTF-8"),
            *("--no-instructions", "--pgdata", unfinished),
            timeout=180,
        )
        run(
            self.place,
            programs / "postgres",
            *("--single", "-D", unfinished, "postgres"),
            words=f"CREATE DATABASE {DATABASE};\n",
        )
        unfinished.rename(self.data)

    def _start(self, programs: Path) -> None:
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            "cluster_name": self.place.tag,
            "shared_buffers": f"{shared_buffers()}MB",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        log = self.place.sockets / "postgresql.log"
        try:
            run(
                self.place,
                programs / "pg_ctl",
                *("start", "--wait", "--timeout", "120", "--silent"),
                *("--pgdata", self.data, "--log", log),
                *("--options", " ".join(f'-c {name}="{value}"' for name, value in options.items())),
                timeout=150,
            )
        except ImproperlyConfigured as error:
            words = log.read_text(errors="replace")[-800:] if log.exists() else ""
            raise ImproperlyConfigured(f"{error}\n{words}".rstrip()) from error


def shared_buffers() -> int:
    """The pages that the server keeps, in MB: a quarter of the memory, from 128 to 1,024."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(max(memory // 4, 128), 1024)


def server(local: Path) -> PostgresqlServer:
    """The embedded PostgreSQL of the data directory `local`, running or not."""
    return PostgresqlServer(server_place(local))
