"""How long a what-if of a county's year takes, beside the settlement of the same claims.

    .venv/bin/python bench/whatif.py [--claims 12000] [--rounds 3]

Makes a database of its own (dropped at the end) on the server that the settings name. In each
round, in turn, on the same claims: `settle_up_to` in one process; the what-if of the settled
year, as the worker does it, facts streamed out and two schemes calculated; and its parts:
streaming alone, one calculation alone. Medians; the ratio is what holds elsewhere.
"""

import argparse
import json
import os
import sys
import tracemalloc
from collections import deque
from copy import deepcopy
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.county import YEAR, prepare  # noqa: E402
from bench.database import machine  # noqa: E402
from bench.settle import reset, settle  # noqa: E402
from claims.benefit.loading import SHIPPED, load_schemes_with_data  # noqa: E402
from claims.chunks.calculation import decide  # noqa: E402
from claims.models import PolicyProposal, WhatIfRun  # noqa: E402
from claims.policies.services import propose_scheme  # noqa: E402
from claims.whatif.comparison import whole_residents  # noqa: E402
from claims.whatif.facts import snapshot, stream_year  # noqa: E402
from claims.whatif.selectors import schemes_of  # noqa: E402
from claims.whatif.services import ask_what_if, calculate, run_what_if  # noqa: E402

TARGET = 0.7


def draft() -> PolicyProposal:
    """The shipped scheme with another rate for special outpatient claims."""
    data: Any = next(
        dict(data)
        for scheme, data in load_schemes_with_data(SHIPPED)
        if scheme.code == "yongshun-resident"
    )
    data = deepcopy(data)
    rows = data["layers"][0]["parameters"]["special_rate"]
    rows.append({**rows[0], "value": "0.80", "starts_on": f"{YEAR}-01-01"})
    made = propose_scheme(data, title="bench", actor=None, at=timezone.now()).proposal
    if made is None:
        raise SystemExit("the draft says nothing new")
    return made


def what_if(proposal: PolicyProposal) -> tuple[float, WhatIfRun]:
    """A whole run, in seconds."""
    started = perf_counter()
    run = ask_what_if(proposal, YEAR, actor=None, at=timezone.now(), send=False)
    run_what_if(run.pk, at=timezone.now())
    seconds = perf_counter() - started
    run.refresh_from_db()
    return seconds, run


def parts(run: WhatIfRun) -> tuple[float, float]:
    """Seconds of streaming the facts, and of streaming and one calculation."""
    base, _draft = schemes_of(run)
    with snapshot():
        started = perf_counter()
        deque(stream_year(YEAR), maxlen=0)
        streamed = perf_counter() - started
        started = perf_counter()
        for part in whole_residents(stream_year(YEAR), 2_000):
            decide(base, [fact.claim for fact in part], {})
    return streamed, perf_counter() - started


def peak_of(run: WhatIfRun) -> int:
    """The most that Python holds while a run is calculated, in kB; slower, so apart."""
    tracemalloc.start()
    calculate(run)
    peak = tracemalloc.get_traced_memory()[1] // 1024
    tracemalloc.stop()
    return peak


def main() -> None:
    """Run the rounds and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    connection.settings_dict["TEST"]["NAME"] = f"bench_whatif_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        prepare(options.claims)
        proposal = draft()
        times: dict[str, list[float]] = {"settle_day": [], "what_if": [], "stream": [], "one": []}
        run: Any = None
        result: Any = None
        for _round in range(options.rounds):
            reset()
            seconds, result = settle()
            times["settle_day"].append(seconds)
            seconds, run = what_if(proposal)
            times["what_if"].append(seconds)
            streamed, one = parts(run)
            times["stream"].append(streamed)
            times["one"].append(one)
        medians = {name: median(found) for name, found in times.items()}
        ratio = round(medians["what_if"] / medians["settle_day"], 2)
        paid = sum(fen for _layer, _payer, fen in run.result["settled"])
        report = {
            "claims": options.claims,
            "settled": result.claims,
            "calculated": run.result["whole"]["claims"],
            "approved_is_settled": sum(run.result["whole"]["base"]) == paid,
            "seconds": {name: round(value, 3) for name, value in medians.items()},
            "claims_per_second": round(options.claims / medians["what_if"]),
            "ratio_to_settle_day": ratio,
            "target": TARGET,
            "met": ratio <= TARGET,
            "python_peak_kb": peak_of(run),
            "result_kb": len(json.dumps(run.result)) // 1024,
            "machine": machine(),
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    finally:
        connection.creation.destroy_test_db(
            connection.creation.connection.settings_dict["NAME"], verbosity=0
        )


if __name__ == "__main__":
    main()
