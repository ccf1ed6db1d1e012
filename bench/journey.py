"""The main job on real input: from the roll's file to the bank's file, by the commands.

    .venv/bin/python bench/journey.py [--rows 42190] [--claims 12000]

Makes a database of its own (dropped at the end) on the server that the settings name, and
the files a bureau has: divisions, institutions, a roll with Chinese headers and about one row
in a hundred at fault, an upload of claims. Five sixths of the claims are uploaded, the others
entered at the window; two reviewers approve them all. Each step is the command an operator
calls, in a process of its own, except the window and the reviews, which are the services
behind the screens. Prints one JSON object: seconds, counts and what `verify_ledger` says.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.database import database_url, machine  # noqa: E402
from bench.roll import DIVISIONS, rows, write_csv  # noqa: E402
from claims.intake.drafts import ClaimDraft  # noqa: E402
from claims.intake.services import ClaimStopped, submit_claim  # noqa: E402
from claims.models import Claim, ClaimState  # noqa: E402
from claims.review.services import approve_many, pass_first_many  # noqa: E402
from enrollment.models import Enrolment, Institution, Person, User  # noqa: E402

UPLOAD_SHARE = Decimal(5) / 6
INSTITUTION_HEADER = (
    "机构编码,机构名称,类别,级别,行政区划,协议起,协议止,银行账号,开户名".split(",")  # noqa: SIM905
)
CLAIM_HEADER = [
    "就诊流水号",
    "机构编码",
    "证件号码",
    "就诊类别",
    "入院日期",
    "出院日期",
    "诊断编码",
    "总费用",
    "全自费",
    "先行自付",
]
LEVELS = (("乡镇", 24), ("县级", 5), ("市级", 1))


class Steps:
    """Runs each step and keeps its seconds and its figures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Any] = {}
        self.environment = {**os.environ, "DATABASE_URL": database_url()}

    def command(self, name: str, *arguments: object) -> dict[str, Any]:
        """A management command in a process of its own; exit status 2 is an error."""
        started = perf_counter()
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), name, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{name} was refused")
        printed: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        self.note(name, started, printed)
        return printed

    def note(self, name: str, started: float, figures: dict[str, Any]) -> None:
        """Keep a step."""
        own = {key: value for key, value in figures.items() if key not in ("seconds", "checks")}
        self.found[name] = {"seconds": round(perf_counter() - started, 2), **own}


def write_institutions(path: Path, year: int) -> None:
    """Thirty invented institutions with an agreement of the year and an account."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(INSTITUTION_HEADER)
        number = 0
        for level, count in LEVELS:
            for _ in range(count):
                number += 1
                name = f"测试{level}第{number}医院"
                writer.writerow(
                    (
                        f"H433127{number:05d}",
                        name,
                        "医院",
                        level,
                        "433127",
                        f"{year}-01-01",
                        f"{year}-12-31",
                        f"622848{number:013d}",
                        name,
                    )
                )


def write_upload(path: Path, people: list[Person], count: int, year: int) -> None:
    """Claims as institutions upload them: one in four a stay, the others visits."""
    chance = Random(5)  # noqa: S311
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(CLAIM_HEADER)
        for n in range(count):
            kind, admitted, discharged, total = _visit(chance, n, year)
            writer.writerow(
                (
                    f"V{n:08d}",
                    f"H433127{1 + n % 30:05d}",
                    people[n % len(people)].id_number,
                    kind,
                    admitted or "",
                    discharged,
                    "J18.900",
                    total,
                    total // 20,
                    total // 50,
                )
            )


def _visit(chance: Random, n: int, year: int) -> tuple[str, date | None, date, int]:
    day = date(year, 1, 1) + timedelta(days=chance.randrange(300))
    if n % 4 == 0:
        return (
            "住院",
            day - timedelta(days=min(6, day.timetuple().tm_yday - 1)),
            day,
            (chance.randrange(1_500, 60_000)),
        )
    return ("门诊慢特病" if n % 4 == 1 else "普通门诊"), None, day, chance.randrange(40, 900)


def staff(name: str, role: str) -> User:
    """A member of staff with one role."""
    user = User.objects.create_user(name, full_name=name)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def enter_at_window(people: list[Person], count: int, year: int, clerk: User) -> int:
    """Paper claims through the window's service; returns how many were taken."""
    hospitals = list(Institution.objects.order_by("code"))
    chance = Random(6)  # noqa: S311
    entered = 0
    for n in range(count):
        _kind, _from, day, _total = _visit(chance, 1, year)
        draft = ClaimDraft(
            institution=hospitals[n % len(hospitals)],
            kind=Claim.Kind.INPATIENT,
            admitted_on=day,
            discharged_on=day + timedelta(days=5),
            total=Decimal(chance.randrange(150_000, 4_000_000)) / 100,
            diagnosis="J18.900",
            invoice_no=f"W{n:07d}",
        )
        try:
            submit_claim(draft, person=people[n], actor=clerk, at=timezone.now())
            entered += 1
        except ClaimStopped:
            continue
    return entered


def run(steps: Steps, row_count: int, claim_count: int) -> None:
    """The whole way."""
    folder, today = steps.folder, timezone.localdate()
    year = today.year
    write_csv(folder / "roll.csv", rows(row_count, 1))
    write_institutions(folder / "institutions.csv", year)
    steps.command("load_divisions", DIVISIONS, "--root", "433127")
    steps.command("import_institutions", folder / "institutions.csv")
    rejects = folder / "rejected.csv"
    steps.command("import_roll", folder / "roll.csv", "--year", year, "--rejects", rejects)

    clerk, first, second = (
        staff("bench-clerk", "window_clerk"),
        staff("bench-first", "reviewer"),
        staff("bench-second", "reviewer"),
    )
    for name in ("bench-cashier", "bench-chief"):
        staff(name, "finance")
    covered = Enrolment.objects.filter(year=year).values("person")
    people = list(Person.objects.filter(pk__in=covered).order_by("pk")[:claim_count])
    uploads = int(claim_count * UPLOAD_SHARE)
    write_upload(folder / "claims.csv", people[: uploads * 3 // 4], uploads, year)
    steps.command("import_claims", folder / "claims.csv", "--rejects", folder / "refused.csv")

    started = perf_counter()
    entered = enter_at_window(people[uploads:], claim_count - uploads, year, clerk)
    steps.note("window", started, {"claims": entered})
    for name, service, actor, state in (
        ("first review", pass_first_many, first, ClaimState.SUBMITTED),
        ("second review", approve_many, second, ClaimState.CHECKED),
    ):
        started = perf_counter()
        waiting = list(Claim.objects.filter(state=state).values_list("pk", flat=True))
        done = service(waiting, actor=actor, at=timezone.now())
        steps.note(name, started, {"claims": done.done, "refused": len(done.refused)})

    steps.command("settle_day", "--on", today)
    made = steps.command("make_batch", "--as", "bench-cashier")
    steps.command("approve_batch", made["batch"], "--as", "bench-chief")
    bank_file = folder / "bank.csv"
    steps.command("write_bank_file", made["batch"], bank_file, "--as", "bench-cashier")
    steps.found["bank file"] = {"lines": bank_file.read_bytes().count(b"\n") - 1}
    steps.command("verify_ledger")


def main() -> None:
    """Make the database, run the way, print, drop it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=42_190)
    parser.add_argument("--claims", type=int, default=12_020, help="some are refused")
    options = parser.parse_args()
    own = str(connection.settings_dict["NAME"])
    connection.settings_dict["TEST"]["NAME"] = f"bench_journey_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            steps = Steps(Path(folder))
            run(steps, options.rows, options.claims)
            report = {"steps": steps.found, "machine": machine()}
            print(json.dumps(report, ensure_ascii=False, indent=2, default=str))
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


if __name__ == "__main__":
    main()
