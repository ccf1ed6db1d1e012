"""The embedded Redis, Celery's broker: started, seen and stopped."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from config.embedded.locations import ServerPlace, held, server_place
from config.embedded.programs import end, redis_program, run, tagged


@dataclass(frozen=True)
class RedisServer:
    """The server of one data directory."""

    place: ServerPlace

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.place.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """The address for Celery."""
        return f"redis+socket://{self.socket}"

    def pid(self) -> int | None:
        """Process id of the server when it answers, else None."""
        once = Retry(NoBackoff(), 0)
        client = Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=once)
        try:
            return int(client.info("server")["process_id"])
        except RedisError:
            return None
        finally:
            client.close()

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
            end(tagged(self.place, "redis-server"), signal.SIGTERM)
            self._start()
        return True

    def stop(self) -> bool:
        """Stop the server, its queue saved; true when it ran."""
        running = self.pid()
        found = {*tagged(self.place, "redis-server"), *([running] if running else [])}
        end(sorted(found), signal.SIGTERM)
        return bool(found)

    def _start(self) -> None:
        log = self.place.sockets / "redis.log"
        run(
            self.place,
            redis_program(self.place),
            *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
            *("--dir", self.place.redis, "--daemonize", "yes"),
            # No snapshots: a server whose directory was deleted could not write one, nor end.
            *("--appendonly", "yes", "--save", ""),
            *("--pidfile", self.place.sockets / "redis.pid", "--logfile", log),
            *("--proc-title-template", f"{{title}} {{unixsocket}} {self.place.tag}"),
        )
        deadline = time.monotonic() + 60
        while self.pid() is None:
            if time.monotonic() > deadline:
                words = log.read_text(errors="replace")[-800:] if log.exists() else ""
                raise ImproperlyConfigured(f"The embedded Redis does not answer.\n{words}")
            time.sleep(0.02)


def broker(local: Path) -> RedisServer:
    """The embedded Redis of the data directory `local`, running or not."""
    return RedisServer(server_place(local))
