"""How long a settlement takes, beside the calculator fed and emptied by COPY.

    .venv/bin/python bench/settle.py [--claims 12000] [--rounds 3] [--workers 2]

Makes a database of its own (dropped at the end) on the server that the settings name. In
each round, in turn, on the same approved claims: `settle_up_to` in one process with all
constraints and triggers, ledger and payment orders; the same spread over Celery workers; and
the baseline: COPY the facts out, the pure calculator, COPY the breakdowns in, one process.
Then a sample one claim at a time by the ORM. Medians; the ratios are what holds elsewhere.
"""

import argparse
import json
import os
import subprocess
import sys
import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from celery import current_app  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.county import YEAR, prepare  # noqa: E402
from bench.database import database_url, machine  # noqa: E402
from claims.benefit.adjudication import adjudicate  # noqa: E402
from claims.benefit.loading import shipped_schemes  # noqa: E402
from claims.benefit.types import Accumulators, ClaimFacts, PersonFacts  # noqa: E402
from claims.chunks.calculation import ClaimRow, decide  # noqa: E402
from claims.chunks.facts import FACTS  # noqa: E402
from claims.ledger.checks import verify  # noqa: E402
from claims.models import (  # noqa: E402
    AccumulatorMovement,
    Claim,
    ClaimTransition,
    LayerPayment,
    SettledClaim,
    SettlementRun,
)
from claims.settlement.services import settle_up_to  # noqa: E402

DAY = date(YEAR, 12, 31)
SCHEME = shipped_schemes()["yongshun-resident"]
RESULTS = (
    "claims_posting, claims_entry, claims_ordershare, claims_paymentorder,"
    " claims_accumulatormovement, claims_layerpayment, claims_settledclaim, claims_heldclaim,"
    " claims_claimtransition, claims_settlementshard, claims_settlementrun"
)


def reset() -> None:
    """All claims approved again, nothing settled, statistics fresh."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {RESULTS} RESTART IDENTITY CASCADE")
        cursor.execute("UPDATE claims_claim SET state = 'approved', held_reason = ''")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL ANALYZE claims_claim")
        cursor.execute("VACUUM ANALYZE")


def baseline() -> float:
    """COPY out → the pure calculator → COPY in of the breakdowns alone, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_breakdown")
        cursor.execute(
            "CREATE TABLE bench_breakdown (claim_id bigint, person_id bigint, year int, total"
            " numeric(14,2), in_policy numeric(14,2), paid numeric(14,2), personal numeric(14,2),"
            " layers text, steps text)"
        )
    started = perf_counter()
    sql = FACTS % {"up_to": f"'{DAY}'", "after": 0, "last": 2**62, "claim_id": "NULL"}
    lines: list[str] = []
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
            text = b"".join(bytes(block) for block in copy).decode()
        rows = (_row(line.split("\t")) for line in text.splitlines())
        for row in decide(SCHEME, rows, {}).settled:
            paid = sum(row.paid)
            layers = ",".join(map(str, row.paid))
            lines.append(
                f"{row.claim_id}\t{row.person_id}\t{row.year}\t{row.total}e-2\t{row.in_policy}e-2\t"
                f"{paid}e-2\t{row.total - paid}e-2\t{layers}\t{row.steps}\n"
            )
        with cursor.copy("COPY bench_breakdown FROM STDIN") as copy:
            copy.write("".join(lines))
    return perf_counter() - started


def _row(cells: list[str], days: dict[str, date] | None = None) -> ClaimRow:
    days = _DAYS if days is None else days
    text = cells[8]
    day = days.get(text)
    if day is None:
        day = days[text] = date.fromisoformat(text)
    numbers = map(int, cells[9:13])
    return ClaimRow(
        int(cells[0]),
        int(cells[1]),
        int(cells[2]),
        *cells[3:6],
        cells[6] == "t",
        cells[7],
        day,
        *numbers,
        cells[13] == "t",
        cells[14] == "t",
        cells[15],
        None,
        *cells[17:18],
        *map(int, cells[18:22]),
    )


_DAYS: dict[str, date] = {}


def settle(shards: int | None = None) -> tuple[float, Any]:
    """The settlement, in seconds."""
    started = perf_counter()
    result = settle_up_to(DAY, actor=None, at=timezone.now(), shards=shards)
    return perf_counter() - started, result


def one_at_a_time(sample: int) -> float:
    """Seconds a claim with ORM objects, a transaction each, without ledger and orders."""
    run = SettlementRun.objects.create(
        up_to=DAY, scheme=SCHEME.code, started_at=timezone.now(), state="posted"
    )
    claims = list(Claim.objects.filter(state="approved").order_by("person_id")[:sample])
    started = perf_counter()
    for claim in claims:
        _settle_by_orm(run, claim.pk)
    return (perf_counter() - started) / max(len(claims), 1)


@transaction.atomic
def _settle_by_orm(run: SettlementRun, pk: int) -> None:
    claim = Claim.objects.select_related("institution", "person").select_for_update().get(pk=pk)
    day = claim.discharged_on
    if not claim.person.enrolments.filter(starts_on__lte=day, ends_on__gte=day).exists():
        return
    kinds = claim.person.identities.filter(starts_on__lte=day).values_list("kind", flat=True)
    balances: dict[str, Decimal] = {}
    for movement in AccumulatorMovement.objects.filter(person=claim.person, year=day.year):
        balances[movement.counter] = balances.get(movement.counter, Decimal(0)) + movement.amount
    facts = ClaimFacts(
        id=claim.number,
        kind=claim.kind,
        discharged_on=day,
        total=claim.total,
        excluded=claim.excluded,
        over_limit=claim.over_limit,
        first_self_pay=claim.first_self_pay,
        level=claim.institution.level,
        in_county=claim.institution.in_county,
        filing=claim.filing,
    )
    person = PersonFacts(frozenset(kinds))
    outcome = adjudicate(SCHEME, person, facts, Accumulators(day.year, balances))
    breakdown = outcome.breakdown
    settled = SettledClaim.objects.create(
        claim=claim,
        run=run,
        person=claim.person,
        institution=claim.institution,
        source=claim.source,
        year=day.year,
        total=claim.total,
        in_policy=claim.in_policy,
        paid=breakdown.paid,
        personal=breakdown.personal,
        steps="|".join(layer.steps for layer in breakdown.layers),
    )
    for layer in breakdown.layers:
        if layer.paid:
            LayerPayment.objects.create(
                settled=settled,
                layer=layer.layer,
                payer=layer.payer,
                policy=layer.policy,
                paid=layer.paid,
            )
    for movement in outcome.movements:
        AccumulatorMovement.objects.create(
            person=claim.person,
            year=day.year,
            counter=movement.counter,
            amount=movement.amount,
            settled=settled,
        )
    claim.state = "settled"
    claim.save(update_fields=["state"])
    ClaimTransition.objects.create(
        subject=claim,
        action="settle",
        from_state="approved",
        to_state="settled",
        at=timezone.now(),
    )


def start_workers(count: int, queue: str) -> list[subprocess.Popen[bytes]]:
    """Real worker processes on a queue of their own."""
    current_app.conf.task_default_queue = queue
    environment = {**os.environ, "DATABASE_URL": database_url(), "CELERY_QUEUE": queue}
    celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo"]
    workers = [
        subprocess.Popen(
            [*celery, "-l", "error", "-Q", queue, "-n", f"{queue}-{n}@bench"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for n in range(count)
    ]
    while len(current_app.control.ping(timeout=2)) < count:
        pass
    return workers


def peak(process: str) -> int:
    """The most memory that a process has held, in MB, as the kernel kept it."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) // 1024


def main() -> None:
    """Run the rounds and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2, help="0: without workers")
    parser.add_argument("--sample", type=int, default=300, help="claims one at a time")
    parser.add_argument("--window-share", type=float, default=0.1)
    options = parser.parse_args()
    connection.settings_dict["TEST"]["NAME"] = f"bench_settle_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, serialize=False)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        prepare(options.claims, window_share=options.window_share)
        if options.workers:
            workers = start_workers(options.workers, f"bench-{uuid.uuid4().hex}")
        times: dict[str, list[float]] = {"baseline": [], "one_process": [], "workers": []}
        result: Any = None
        for _round in range(options.rounds):
            reset()
            times["baseline"].append(baseline())
            seconds, result = settle()
            times["one_process"].append(seconds)
            if workers:
                reset()
                times["workers"].append(settle(options.workers)[0])
        holds = all(finding.ok for finding in verify())
        reset()
        single = one_at_a_time(options.sample)
        medians = {name: median(found) for name, found in times.items() if found}
        report = {
            "claims": options.claims,
            "settled": result.claims,
            "held": result.held,
            "failed": result.failed,
            "verify_ledger": holds,
            "seconds": {name: round(value, 3) for name, value in medians.items()},
            "claims_per_second": {
                **{name: round(options.claims / value) for name, value in medians.items()},
                "one_at_a_time": round(1 / single),
            },
            "ratio_to_baseline": {
                name: round(value / medians["baseline"], 2)
                for name, value in medians.items()
                if name != "baseline"
            },
            "times_one_at_a_time": round(single * options.claims / medians["one_process"], 1),
            "peak_memory_mb": {
                "bench, baseline included": peak("self"),
                "workers": [peak(str(worker.pid)) for worker in workers],
            },
            "machine": machine(),
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        connection.creation.destroy_test_db(
            connection.creation.connection.settings_dict["NAME"], verbosity=0
        )


if __name__ == "__main__":
    main()
