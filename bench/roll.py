"""How long an enrolment roll takes, beside a COPY of the very same rows.

    .venv/bin/python bench/roll.py [--rows 42190] [--rounds 3] [--xlsx-rows 50000] [--rival 20000]

Makes a database of its own (dropped at the end) on the server that the settings name. In
each round, in turn: the import through the command in a process of its own, the same file
again, the same roll a year later (95 % unchanged, 3 % changed, 2 % new), and the baseline:
COPY of the rows that the import left into the same emptied tables, indexes, constraints and
triggers on, one transaction. Then XLSX against CSV. At last, once, a smaller roll by the import and
by django-import-export with full validation. Medians; ratios are what holds elsewhere.
"""

import argparse
import csv
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bench.roll_rival import by_import_export  # noqa: E402
from enrollment.roll.columns import COLUMNS  # noqa: E402
from enrollment.roll.synthetic import synthetic_residents  # noqa: E402

YEAR = 2026
TABLES = (
    "enrollment_household",
    "enrollment_person",
    "enrollment_assistanceidentity",
    "enrollment_enrolment",
)
EMPTIED = (*TABLES, "enrollment_accountchange")
DIVISIONS = ROOT / "enrollment" / "divisions" / "data" / "433127.csv"
HEADER = [column.title for column in COLUMNS]


def rows(n: int, seed: int) -> Iterator[list[str]]:
    """The roll as the bureau sends it, about one row in a hundred at fault."""
    with DIVISIONS.open(encoding="utf-8") as stream:
        townships = [row for row in csv.DictReader(stream) if row["level"] == "township"]
    names = {row["code"]: row["name"] for row in townships}
    chance = Random(seed)  # noqa: S311
    for one in synthetic_residents(n, seed, divisions=list(names), year=YEAR):
        row = [
            one.id_number,
            one.name,
            one.sex,
            one.born_on.isoformat(),
            names[one.division],
            one.household_no,
            one.category,
            one.phone,
            one.account_no,
            one.name,
            str(one.paid),
            one.paid_on.isoformat(),
        ]
        if chance.random() < 0.01:
            _spoil(row, chance)
        yield row


def _spoil(row: list[str], chance: Random) -> None:
    match chance.randrange(6):
        case 0:
            row[0] = row[0][:17] + ("0" if row[0][17] != "0" else "1")
        case 1:
            row[0] = "4.33127E+17"
        case 2:
            row[2] = "女" if row[2] == "男" else "男"
        case 3:
            row[4] = "外县某镇"
        case 4:
            row[10] = "四百元"
        case _:
            row[1] = ""


def year_later(first: list[list[str]], newcomers: Iterable[list[str]]) -> Iterator[list[str]]:
    """95 % as they were, 3 % with another phone or account, 2 % new people."""
    chance = Random(7)  # noqa: S311
    fresh = iter(newcomers)
    for row in first:
        share = chance.random()
        if share < 0.02:
            yield next(fresh)
            continue
        changed = list(row)
        if share < 0.05:
            position = chance.choice((7, 8))
            digit = "9" if changed[position][-1] != "9" else "8"
            changed[position] = changed[position][:-1] + digit
        yield changed


def write_csv(path: Path, lines: Iterable[list[str]]) -> None:
    """UTF-8 with BOM, as Excel saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(lines)


def write_xlsx(path: Path, lines: Iterable[list[str]]) -> None:
    """All cells as text, as the bureau's template has them."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, line in enumerate([HEADER, *lines]):
        for position, cell in enumerate(line):
            sheet.write_string(number, position, cell)
    book.close()


def child(database: str, path: str, year: int) -> None:
    """One import in this process; prints counts, seconds and peak memory."""
    connection.settings_dict["NAME"] = database
    out = io.StringIO()
    started = perf_counter()
    try:
        call_command("import_roll", path, year=year, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        if ended.code != 1:
            raise
    seconds = perf_counter() - started
    # Not getrusage: its maximum survives exec and would count the parent.
    status = dict(line.split(":\t") for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) // 1024
    print(json.dumps({**json.loads(out.getvalue()), "seconds": seconds, "peak_mb": peak}))


def run_import(path: Path, year: int = YEAR) -> dict[str, Any]:
    """The command in a process of its own."""
    database = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, __file__, "--child", database, str(path), str(year)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def empty() -> None:
    """The tables as they were before."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(EMPTIED)} CASCADE")
        cursor.execute("CHECKPOINT")


def keep_rows(folder: Path) -> None:
    """Write what the import left, for the baseline."""
    for table in TABLES:
        with (
            (folder / table).open("wb") as stream,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} TO STDOUT") as copy,
        ):
            for block in copy:
                stream.write(block)


def baseline(folder: Path) -> float:
    """COPY of the very same rows into the very same tables, one transaction.

    On a connection of its own: an older one has planned its checks of references on the emptied
    tables, and would read the whole parent table for each row. Autovacuum, which would tell the
    planner meanwhile that the tables are empty, is off; the import tells it the truth by itself.
    """
    connection.close()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            with (
                (folder / table).open("rb") as stream,
                cursor.copy(f"COPY {table} FROM STDIN") as copy,
            ):
                while block := stream.read(1 << 16):
                    copy.write(block)
    return perf_counter() - started


def measure(n: int, rounds: int, xlsx_rows: int) -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = list(rows(n + n // 30, 1))
        write_csv(folder / "roll.csv", people[:n])
        write_csv(folder / "later.csv", year_later(people[:n], people[n:]))
        people = list(rows(xlsx_rows, 3))
        write_csv(folder / "small.csv", people)
        write_xlsx(folder / "small.xlsx", people)
        del people
        found: dict[str, list[float]] = {}
        results: dict[str, dict[str, Any]] = {}
        for _ in range(rounds):
            empty()
            results["import"] = run_import(folder / "roll.csv")
            keep_rows(folder)
            results["again"] = run_import(folder / "roll.csv")
            results["year later"] = run_import(folder / "later.csv", YEAR + 1)
            empty()
            results["baseline"] = {"seconds": baseline(folder)}
            for kind in ("csv", "xlsx"):
                empty()
                results[kind] = run_import(folder / f"small.{kind}")
            for label, result in results.items():
                found.setdefault(label, []).append(result["seconds"])
        report(n, xlsx_rows, found, results)


def rival(n: int) -> None:
    """The same small roll by the import and by django-import-export; prints the ratio."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "roll.csv"
        write_csv(path, rows(n, 5))
        empty()
        ours = run_import(path)
        empty()
        seconds, created = by_import_export(path, YEAR)
    print(f"\n{n:,} rows: import {ours['seconds']:.2f} s, {ours['created']:,} created")
    print(f"django-import-export, full validation, one pass: {seconds:.1f} s, {created:,} created")
    print(f"django-import-export / import    {seconds / ours['seconds']:.1f}   (at least 20)")


def report(
    n: int, xlsx_rows: int, found: dict[str, list[float]], results: dict[str, dict[str, Any]]
) -> None:
    """Medians, ratios, the machine."""
    middle = {label: median(seconds) for label, seconds in found.items()}
    rounds = len(found["import"])
    for label, seconds in found.items():
        counts = {k: v for k, v in results[label].items() if k != "seconds"}
        runs = " ".join(f"{second:.2f}" for second in seconds)
        print(f"{label:11} {middle[label]:7.2f} s  ({runs})  {counts or ''}")
    base = middle["baseline"]
    print(f"\n{n:,} rows, medians of {rounds}")
    print(f"import / COPY baseline      {middle['import'] / base:.2f}   (target 2.0)")
    print(f"same file again / import    {middle['again'] / middle['import']:.2f}")
    print(f"year later / import         {middle['year later'] / middle['import']:.2f}   (1.5)")
    print(f"XLSX / CSV, {xlsx_rows:,} rows     {middle['xlsx'] / middle['csv']:.2f}   (1.3)")
    print(f"peak memory                 {results['import']['peak_mb']} MB   (300)")
    print(f"rows a second               {n / middle['import']:,.0f}")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, PostgreSQL {version}, load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Read the arguments; make and drop the database."""
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=42_190)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--xlsx-rows", type=int, default=50_000)
    parser.add_argument("--rival", type=int, default=20_000, help="rows; 0: without")
    options = parser.parse_args()
    own = str(connection.settings_dict["NAME"])
    # Not the tests' database, so that both can run at once.
    connection.settings_dict["TEST"]["NAME"] = f"bench_roll_{own}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_divisions", str(DIVISIONS), root="433127", stdout=io.StringIO())
        measure(options.rows, options.rounds, options.xlsx_rows)
        if options.rival:
            rival(options.rival)
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


if __name__ == "__main__":
    main()
