"""How long a backup and a proven restore take, beside pg_dump and pg_restore alone.

    .venv/bin/python bench/restore.py [--claims 12000] [--rounds 3]

Makes databases of its own (dropped at the end) on the server that the settings name: a
settled county of that many claims, which `backup` writes and `restore` brings back into an
empty database, compares count by count and sum by sum, and proves (`verify_ledger`,
`verify_audit`). Both proofs are timed by themselves too, and the first link of the audit chain.
The baseline of each round is the bare dump and restore of the same database. 479656 claims are
the full county.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import uuid
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.county import YEAR, prepare  # noqa: E402
from bench.database import database_url, machine  # noqa: E402
from claims.ledger.checks import verify  # noqa: E402
from claims.settlement.services import settle_up_to  # noqa: E402
from config.backup.making import make_backup  # noqa: E402
from config.backup.programs import program, reach, run, server_major  # noqa: E402
from enrollment.chain.checks import verify_chain  # noqa: E402
from enrollment.chain.services import extend_chain  # noqa: E402


def main() -> None:
    """Parse, build the county, measure, drop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    source, target = (f"bench_{uuid.uuid4().hex[:8]}" for _ in range(2))
    kept = connection.settings_dict["NAME"]
    _make(source)
    try:
        _use(source)
        call_command("migrate", verbosity=0)
        prepare(options.claims)
        settle_up_to(date(YEAR, 12, 31), actor=None, at=timezone.now())
        proofs = _proofs()
        with tempfile.TemporaryDirectory(prefix="bench-restore-") as folder:
            rounds = [_round(Path(folder), target) for _ in range(options.rounds)]
            size = max(path.stat().st_size for path in Path(folder).glob("*.backup"))
    finally:
        _use(kept)
        _drop(source, target)
    times = {name: round(median(one[name] for one in rounds), 2) for name in rounds[0]}
    report = {
        "claims": options.claims,
        "megabytes": round(size / 1e6, 1),
        **times,
        **proofs,
        "backup_ratio": round(times["backup"] / times["bare_dump"], 2),
        "restore_ratio": round(times["restore"] / times["bare_restore"], 2),
        **machine(),
    }
    print(json.dumps(report))


def _proofs() -> dict[str, float]:
    """Seconds for the chain's first link and for each proof; a false one ends the bench."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-heads-") as folder,
        override_settings(AUDIT_HEADS_FILE=Path(folder) / "heads"),
    ):
        link = _timed(lambda: extend_chain(at=timezone.now()))
    seconds = {"audit_link": round(link, 2)}
    for name, prove in (("verify_ledger", verify), ("verify_audit", verify_chain)):
        began = perf_counter()
        false = [finding for finding in prove() if not finding.ok]
        seconds[name] = round(perf_counter() - began, 2)
        if false:
            raise SystemExit(f"{name}: {false}")
    return seconds


def _round(folder: Path, target: str) -> dict[str, float]:
    """The four times of one round, in turn, in seconds."""
    parameters = connection.get_connection_params()
    major = server_major(connection)
    dump = folder / "bare.dump"
    seconds = {
        "bare_dump": _timed(
            lambda: run(
                [program("pg_dump", major), "--format", "custom", "--file", str(dump)],
                reach(parameters),
            )
        )
    }
    _drop(target)
    _make(target)
    bare = [program("pg_restore", major), "--single-transaction", "--no-owner", "--dbname", target]
    seconds["bare_restore"] = _timed(lambda: run([*bare, str(dump)], reach(parameters)))
    began = perf_counter()
    backup = make_backup(folder, at=timezone.now())
    seconds["backup"] = perf_counter() - began
    _drop(target)
    _make(target)
    url = database_url().replace(str(parameters["dbname"]), target)
    seconds["restore"] = _timed(lambda: _restore(backup.path, url))
    return seconds


def _restore(file: Path, url: str) -> None:
    """The whole command, with its comparison and proof; anything but 0 ends the bench."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "restore", str(file), "--into", url],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"the restore does not prove itself: {done.stdout}{done.stderr}")


def _timed(act: Any) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def _make(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")


def _drop(*names: str) -> None:
    for name in names:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


if __name__ == "__main__":
    main()
