"""A roll that breaks off, by a fault of the file or a killed process, leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from enrollment.roll.synthetic import synthetic_residents
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import TOWNSHIP, make_bureau
from enrollment.tests.roll_files import LI, ZHANG, write_csv
from enrollment.tests.test_roll import counts, run, snapshot


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()


def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG, LI])
    with path.open("a") as stream:
        stream.write('"unclosed\n')
    before = snapshot()
    with pytest.raises(SheetRefused):
        run(path, rejects_to=tmp_path / "rejects.csv")
    assert snapshot() == before
    assert not (tmp_path / "rejects.csv").exists()


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    """A real process, a real SIGKILL, after the first rows have reached the database."""
    feed = tmp_path / "roll.csv"
    rows = [
        {"id_number": one.id_number, "name": one.name, "division": TOWNSHIP}
        for one in synthetic_residents(3000, 9)
    ]
    write_csv(feed, rows, keys=["id_number", "name", "division"])
    before = snapshot()
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys, signal, django\n"
        "django.setup()\n"
        "from pathlib import Path\n"
        "from django.db import connection\n"
        "from django.utils import timezone\n"
        "from enrollment.roll import merge, services\n"
        "connection.settings_dict['NAME'] = sys.argv[2]\n"
        "connection.ensure_connection()\n"
        "def kill(execute, sql, params, many, context):\n"
        "    result = execute(sql, params, many, context)\n"
        "    if sql == merge.NEW_ENROLMENTS:\n"
        "        context['cursor'].execute('SELECT count(*) FROM enrollment_enrolment')\n"
        "        print(context['cursor'].fetchone()[0], flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return result\n"
        "with connection.execute_wrapper(kill):\n"
        "    services.import_roll(Path(sys.argv[1]), 2026, at=timezone.now())\n"
    )
    done = subprocess.run(
        [sys.executable, str(script), str(feed), str(connection.settings_dict["NAME"])],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(Path.cwd()),
        },
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stdout.strip() == "3000"
    assert snapshot() == before
    assert counts(run(feed)) == (3000, 3000, 0, 0, 0)
    assert counts(run(feed)) == (3000, 0, 0, 3000, 0)
