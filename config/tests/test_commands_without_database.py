"""A command whose database is away or without tables says so in one line, with what to do."""

import subprocess
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from config.tests.support import command, environment, url_of
from enrollment.console.database import missing_migrations, remedy

COMMANDS = (
    ("verify_ledger",),
    ("settle_day", "--on", "2026-09-01"),
    ("load_demo",),
    ("verify_audit",),
)


def refusal(local: Any, url: str, *arguments: str) -> str:
    """The one line of a command that does nothing, exit status 2."""
    done = subprocess.run(
        command(*arguments, "--lang", "en"),
        env=environment(local, DATABASE_URL=url),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("arguments", COMMANDS)
def test_an_unreachable_database(local: Any, arguments: tuple[str, ...]) -> None:
    said = refusal(local, "postgres://a:b@127.0.0.1:1/c", *arguments)
    assert said.startswith("The database cannot be reached: ")
    assert "Connection refused" in said
    assert "Check DATABASE_URL" in said


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_database_without_tables(db: None, local: Any, arguments: tuple[str, ...]) -> None:
    empty = url_of({**connection.get_connection_params(), "dbname": "postgres"})
    said = refusal(local, empty, *arguments)
    assert said.startswith("The database lacks tables of this release: ")
    assert said.endswith("Run manage.py migrate, then this command again.")


def test_a_wrong_query_stays_a_defect(db: None) -> None:
    assert missing_migrations() == []
    with pytest.raises(ProgrammingError) as wrong, transaction.atomic():
        connection.cursor().execute("SELECT 1 FROM no_such_table")
    assert remedy(wrong.value) is None
