"""The embedded servers: made, found again, stopped, refused in production."""

import json
import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from config.embedded.broker import RedisServer, broker
from config.embedded.locations import LONGEST_SOCKET_DIR, passable, server_place
from config.embedded.postgresql.server import PostgresqlServer, server, shared_buffers
from config.embedded.programs import alive
from config.tests.support import Manage

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "s" * 60,
    "PORTAL_FIELD_KEYS": "a" * 43 + "=",
    "PORTAL_INDEX_KEY": "b" * 43 + "=",
}


def test_first_connection_starts_a_server_the_second_finds_it(local: Path, manage: Manage) -> None:
    ask = "from django.db import connection as c; c.ensure_connection(); print(c.pg_version)"
    first = manage("shell", "--no-imports", "-c", ask)
    assert (first.returncode, first.stdout) == (0, "180004\n"), first.stderr
    postgresql = server(local)
    running = postgresql.pid()
    assert running is not None
    assert manage("shell", "--no-imports", "-c", ask).stdout == "180004\n"
    assert postgresql.pid() == running

    status = json.loads(manage("servers", "status").stdout)
    assert status["postgresql"]["pid"] == running
    assert status["redis"]["pid"] is None

    assert json.loads(manage("servers", "stop").stdout) == {"stopped": ["postgresql"]}
    assert postgresql.pid() is None
    assert json.loads(manage("servers", "stop").stdout) == {"stopped": []}


def test_the_server_has_the_memory_and_the_log_that_operations_advise(
    local: Path, manage: Manage
) -> None:
    names = ("shared_buffers", "max_wal_size", "checkpoint_timeout")
    shows = "; ".join(f"q.execute('SHOW {name}'); print(q.fetchone()[0])" for name in names)
    ask = f"from django.db import connection as c; q = c.cursor(); {shows}"
    memory, log, pause = manage("shell", "--no-imports", "-c", ask).stdout.split()
    megabytes = int(memory[:-2]) * (1024 if memory.endswith("GB") else 1)
    assert (megabytes, log, pause) == (shared_buffers(), "4GB", "15min")
    assert 128 <= megabytes <= 1024


def test_data_outlive_a_stop(local: Path, manage: Manage) -> None:
    write = "from django.db import connection as c; c.cursor().execute('create table kept (n int)')"
    count = "from django.db import connection as c; print(c.introspection.table_names())"
    assert manage("shell", "--no-imports", "-c", write).returncode == 0
    assert server(local).stop()
    assert manage("shell", "--no-imports", "-c", count).stdout == "['kept']\n"


def test_a_command_without_database_starts_none(local: Path, manage: Manage) -> None:
    assert manage("help", "servers").returncode == 0
    assert not (local / "postgresql").exists()
    assert server(local).pid() is None
    assert broker(local).pid() is None


def test_of_several_starters_one_starts(local: Path) -> None:
    started: list[bool] = []
    threads = [
        threading.Thread(target=lambda: started.append(broker(local).ensure_running()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, False, True]
    assert broker(local).stop()
    assert not broker(local).stop()


def test_a_deleted_data_directory_starts_empty_and_leaves_no_server(local: Path) -> None:
    old: list[PostgresqlServer | RedisServer] = [server(local), broker(local)]
    assert all(one.ensure_running() for one in old)
    pids = [one.pid() for one in old]
    shutil.rmtree(local)
    local.mkdir()
    new: list[PostgresqlServer | RedisServer] = [server(local), broker(local)]
    assert all(one.ensure_running() for one in new)
    assert not any(alive(pid) for pid in pids if pid)
    for one in old:
        shutil.rmtree(one.place.home, ignore_errors=True)


def test_nobody_else_may_look_in(local: Path) -> None:
    server(local).ensure_running()
    place = server_place(local)
    for directory in (place.postgresql, place.redis, place.sockets):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            assert directory.stat().st_uid != 0
    assert stat.S_ISSOCK(server(local).socket.stat().st_mode)
    assert stat.S_IMODE(server(local).socket.stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    place = server_place(tmp_path / ("long" * 30))
    assert len(str(place.sockets)) <= LONGEST_SOCKET_DIR
    assert place.sockets.parent == Path("/tmp")  # noqa: S108
    assert place.postgresql.is_relative_to(place.home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root leaves its own directories")
def test_root_keeps_data_where_the_servers_user_can_go(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not passable(closed)
    place = server_place(closed / "data")
    assert place.account is not None
    assert place.account.uid != 0
    assert place.home.parent == Path("/var/lib/bureau-portal")


def test_refused_when_debug_is_off(local: Path, manage: Manage) -> None:
    database = manage("migrate", "--check", **PRODUCTION)
    assert database.returncode != 0
    assert "DATABASE_URL is not set" in database.stderr.splitlines()[-1]
    queue = manage(
        "shell",
        "--no-imports",
        "-c",
        "from config.celery import app; app.connection_for_write()",
        **PRODUCTION,
    )
    assert "REDIS_URL is not set" in queue.stderr.splitlines()[-1]
    assert not (local / "postgresql").exists()


def test_keys_are_made_once_for_their_owner_only(local: Path, manage: Manage) -> None:
    show = (
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s; print(s.SECRET_KEY)",
    )
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(manage(*show).stdout)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) > 50
    assert stat.S_IMODE((local / "secrets.json").stat().st_mode) == 0o600
    some = manage(*show, SECRET_KEY="s" * 60)
    assert some.returncode == 1
    assert "Set PORTAL_FIELD_KEYS, PORTAL_INDEX_KEY" in some.stderr
    none = manage(*show, DEBUG="0")
    assert "Set SECRET_KEY, PORTAL_FIELD_KEYS, PORTAL_INDEX_KEY" in none.stderr
