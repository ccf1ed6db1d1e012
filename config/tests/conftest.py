"""Data directories of whole commands; the ground of who sees what."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from config.demo.county.loading import DemoCounty
from config.embedded.broker import broker
from config.embedded.locations import server_place
from config.embedded.postgresql.server import server
from config.tests.scoped_county import Ground, make_ground
from config.tests.small_county import load
from config.tests.support import Manage, command, environment


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Path]:
    """A data directory whose servers are stopped afterwards."""
    directory = tmp_path / "data"
    directory.mkdir()
    yield directory
    server(directory).stop()
    broker(directory).stop()
    for home in {server_place(directory).home, server_place(directory).sockets}:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def manage(local: Path) -> Manage:
    """Run `manage.py` on that data directory and without any other server."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            env=environment(local, **more),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """Built once, in a transaction around the tests' own; undone when the last has run."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_ground()
        transaction.set_rollback(True)


@pytest.fixture
def ground(_built: Ground, db: None) -> Ground:
    return _built


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoCounty]:
    """DemoCounty once, in a transaction around the tests' own; undone when the last has run."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def county(_loaded: DemoCounty, db: None) -> DemoCounty:
    """The smallest demonstration county, there for all tests of a file."""
    return _loaded
