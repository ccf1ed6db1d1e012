"""Thirty nights with kill -9: worker, beat, web and database, at instants drawn from a seed.

    .venv/bin/python bench/soak.py [--nights 30] [--claims 600] [--seed 1] [--tick 10]

A county of its own in a data directory of its own, with the real processes: PostgreSQL, Redis, a
worker of two, beat, gunicorn. Each day claims come in and are reviewed; every `--tick` seconds
beat calls the nightly settlement, and a batch goes to the bank and comes back, while one process
after another is killed: two kills of three in the first moments of a settlement. What ends is
started again after three seconds, as the units of `deploy/systemd` do. Nobody else helps.

In the end there are two quiet nights, and then each claim approved must be settled once, each
order paid once, no run open, ledger and audit chain true; anything else ends with status 1.
"""

import argparse
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
HOME = Path(tempfile.mkdtemp(prefix="soak-", dir="/tmp"))
HOME.chmod(0o755)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ |= {
    "DEBUG": "1",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "PORTAL_DATA_DIR": str(HOME / "var"),
    "SETTLEMENT_CHUNK": "10",  # many transactions a night, so that kills fall between them
    "BROKER_VISIBILITY_TIMEOUT": "20",
}

import django  # noqa: E402

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Max, Sum  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks  # noqa: E402

from bench.database import database_url, machine  # noqa: E402
from bench.journey import write_institutions  # noqa: E402
from bench.roll import DIVISIONS, rows, write_csv  # noqa: E402
from bench.soak_machines import TARGETS, Killer, Machines, Visitor, adopt_orphans  # noqa: E402
from bench.soak_office import Office  # noqa: E402
from claims.ledger.checks import verify  # noqa: E402
from claims.models import (  # noqa: E402
    Claim,
    ClaimState,
    HeldClaim,
    PaymentOrder,
    SettledClaim,
    SettlementRun,
)
from claims.payments.selectors import orders_without_account  # noqa: E402
from claims.settlement.workers import NIGHT_TASK  # noqa: E402
from config.embedded.broker import broker  # noqa: E402
from config.embedded.postgresql.server import server  # noqa: E402
from enrollment.chain.checks import verify_chain  # noqa: E402
from enrollment.chain.services import extend_chain  # noqa: E402
from enrollment.failures.models import FailedJob  # noqa: E402

RESIDENTS = 3000
QUIET_NIGHTS = 2
PATIENCE = 180  # seconds for the quiet nights to bring everything in order


def prepare(folder: Path) -> None:
    """Migrate; divisions, institutions and a roll by the commands."""
    call_command("migrate", verbosity=0)
    year = timezone.localdate().year
    write_csv(folder / "roll.csv", rows(RESIDENTS, 1))
    write_institutions(folder / "institutions.csv", year)
    out = (folder / "prepare.log").open("w")
    call_command("load_divisions", str(DIVISIONS), "--root", "433127", stdout=out)
    call_command("import_institutions", str(folder / "institutions.csv"), stdout=out)
    with suppress(SystemExit):  # one row in a hundred is at fault
        call_command("import_roll", str(folder / "roll.csv"), "--year", str(year), stdout=out)


def schedule(seconds: int) -> None:
    """Beat calls the night, and nothing else, every so many seconds."""
    every, _made = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")
    PeriodicTask.objects.exclude(task=NIGHT_TASK).exclude(task__startswith="celery.").update(
        enabled=False
    )
    PeriodicTask.objects.filter(task=NIGHT_TASK).update(crontab=None, interval=every, enabled=True)
    PeriodicTasks.update_changed()


def await_night(office: Office, seconds: float) -> None:
    """Until nothing waits any more, at most so long: the next day comes anyway."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not office.insist(is_settled):
        time.sleep(0.3)


def is_settled() -> bool:
    """Whether no claim waits and no run is open."""
    return not (
        Claim.objects.filter(state=ClaimState.APPROVED).exists()
        or SettlementRun.objects.filter(state=SettlementRun.State.RUNNING).exists()
    )


def promises(approved: set[int]) -> list[str]:
    """What has been broken of what was promised; empty when all is kept."""
    settled = SettledClaim.objects.values("claim").annotate(times=Count("pk"))
    twice = [one["claim"] for one in settled if one["times"] > 1]
    known = {one["claim"] for one in settled} | set(
        HeldClaim.objects.values_list("claim_id", flat=True)
    )
    broken = [
        f"{len(approved - known)} approved claims are neither settled nor held"
        if approved - known
        else "",
        f"claims settled twice: {twice[:5]}" if twice else "",
        "" if is_settled() else "claims wait or a run is open",
        *(
            f"{kind} {finding.name}: {finding.detail}"
            for kind, findings in (("ledger", verify()), ("audit", verify_chain()))
            for finding in findings
            if not finding.ok
        ),
    ]
    unpaid = PaymentOrder.objects.exclude(state="paid").exclude(pk__in=orders_without_account())
    left = unpaid.count()
    broken.append(f"{left} orders with an account are not paid" if left else "")
    return [one for one in broken if one]


def figures() -> dict[str, Any]:
    """What the nights have brought."""
    runs = SettlementRun.objects.aggregate(runs=Count("pk"), most=Max("resumed"))
    ended = SettlementRun.objects.filter(finished_at__isnull=False)
    resumed, whole = ended.filter(resumed__gt=0), ended.filter(resumed=0)
    paid = SettledClaim.objects.aggregate(claims=Count("pk"), paid=Sum("paid"))
    orders = PaymentOrder.objects.filter(state="paid").aggregate(
        orders=Count("pk"), total=Sum("amount")
    )
    failed = FailedJob.objects.values("kind").annotate(times=Count("pk")).order_by("-times")
    return {
        "runs": runs["runs"],
        "runs_cut_off_and_resumed": resumed.count(),
        "attempts_of_one_run_at_most": 1 + (runs["most"] or 0),
        "seconds_of_runs_cut_off": _spread([one.finished_at - one.started_at for one in resumed]),
        "seconds_of_other_runs": _spread([one.finished_at - one.started_at for one in whole]),
        "claims_settled": paid["claims"],
        "fund_and_insurers_pay": str(paid["paid"]),
        "orders_paid": orders["orders"],
        "orders_total": str(orders["total"]),
        "failed_jobs": {one["kind"]: one["times"] for one in failed},
    }


def _spread(spans: list[timedelta]) -> dict[str, float]:
    """Median and longest, in seconds; empty for none."""
    seconds = [one.total_seconds() for one in spans]
    if not seconds:
        return {}
    return {"median": round(median(seconds), 1), "longest": round(max(seconds), 1)}


def soak(nights: int, claims: int, seed: int, tick: int) -> int:
    """All of it; the exit status."""
    adopt_orphans()  # before the database is started
    logs = HOME / "logs"
    logs.mkdir()
    prepare(HOME)
    schedule(tick)
    office = Office(HOME, seed)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = database_url()
    machines = Machines(ROOT, logs, port, server(settings.PORTAL_DATA_DIR))
    killer = Killer(machines, seed, lambda: psycopg.connect(url, autocommit=True))
    visitor = Visitor(f"http://127.0.0.1:{port}")
    began = time.monotonic()
    machines.start()
    try:
        killer.start()
        visitor.start()
        for night in range(nights):
            office.day(night, claims)
            await_night(office, 2 * tick)
            office.pay()
            print(f"night {night + 1}: {dict(killer.kills)}", file=sys.stderr, flush=True)
        killer.stop()
        for _night in range(QUIET_NIGHTS):
            await_night(office, PATIENCE)
            office.pay()
        visitor.stop()
    finally:
        killer.stop()
        machines.stop()
    extend_chain(at=timezone.now())
    approved = set(Claim.objects.filter(transitions__action="approve").values_list("pk", flat=True))
    broken = promises(approved)
    report = {
        "nights": nights,
        "seed": seed,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "kills": {name: killer.kills[name] for name in TARGETS},
        "kills_aimed_at_a_settlement": killer.aimed,
        "claims_approved": len(approved),
        **figures(),
        "people_repeated": office.repeated,
        "pages": dict(visitor.answers),
        "broken": broken,
        **machine(),
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if broken else 0


def main() -> None:
    """Parse, soak, clean up; what failed is kept to be looked at."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--claims", type=int, default=600, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tick", type=int, default=10, help="seconds from night to night")
    options = parser.parse_args()
    status = 1
    try:
        status = soak(options.nights, options.claims, options.seed, options.tick)
    finally:
        connection.close()
        server(settings.PORTAL_DATA_DIR).stop()
        broker(settings.PORTAL_DATA_DIR).stop()
        if status:
            print(f"logs and data are kept in {HOME}", file=sys.stderr)
        else:
            shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
