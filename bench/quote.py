"""How many claims per second the calculator decides.

Baseline: an independent calculator on Decimal, straight from the text of the contract
(`claims/tests/benefit_oracle.py`). Same claims, same run, in turn; the medians count.
The mix is that of a county-year: 117,313 stays, 29,443 special-outpatient and 332,900
general-outpatient visits; one person in seven has an assistance identity.

    .venv/bin/python bench/quote.py [--claims 60000] [--rounds 3]
"""

import argparse
import json
import os
import platform
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.benefit.scheme import NOTHING_PAID
from claims.quoting.answering import answer_line
from claims.quoting.reading import read_request
from claims.tests.benefit_oracle import year_of

SCHEME = "yongshun-resident"
KINDS = ("inpatient", "special_outpatient", "general_outpatient")
WEIGHTS = (117_313, 29_443, 332_900)


def person_years(claims: int) -> Iterator[dict[str, Any]]:
    """Lines of `quote` with about `claims` claims in all."""
    rng = random.Random(433127)  # noqa: S311 - a bench's dice
    made = 0
    while made < claims:
        items = []
        for index in range(rng.choice((1, 1, 2, 2, 3, 5))):
            kind = rng.choices(KINDS, WEIGHTS)[0]
            total = (
                rng.randrange(3_000, 20_000) if kind == KINDS[2] else rng.randrange(10**5, 10**6)
            )
            if rng.random() < 0.02:
                total *= 20
            level = "township" if kind == KINDS[2] else rng.choice(("township", "county", "city"))
            items.append(
                {
                    "id": f"{index}",
                    "kind": kind,
                    "discharged_on": str(date(2023, 1, 1) + timedelta(rng.randrange(365))),
                    "institution": {"level": level, "in_county": level != "city"},
                    "filing": rng.choice(("filed", "unfiled")) if level == "city" else "none",
                    "total": f"{total // 100}.{total % 100:02d}",
                    "excluded": f"{total // 1000}.00",
                    "first_self_pay": f"{total // 2000}.50",
                }
            )
        made += len(items)
        poor = rng.random() < 0.15
        identities = [rng.choice(("low_income", "at_risk", "extremely_poor"))] if poor else []
        yield {"scheme": SCHEME, "person": {"assistance": identities}, "claims": items}


def stream_rows(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The claims as the night reads them: sorted by person and day, amounts in fen."""
    rows = []
    for person, line in enumerate(lines):
        request = read_request(line, shipped_schemes())
        for claim in request.claims:
            costs = (claim.total, claim.excluded, claim.over_limit, claim.first_self_pay)
            rows.append(
                (
                    person,
                    claim.discharged_on,
                    claim.id,
                    claim.kind,
                    claim.level,
                    claim.in_county,
                    claim.filing,
                    request.person.assistance,
                    tuple(int(amount * 100) for amount in costs),
                )
            )
    return sorted(rows, key=lambda row: row[:3])


def on_fen(rows: list[tuple[Any, ...]]) -> int:
    """What the night does between reading and writing: rules, amounts, steps, balances."""
    scheme = shipped_schemes()[SCHEME]
    paid = 0
    for _, own in groupby(rows, key=lambda row: row[0]):
        balances = scheme.zeros()
        for _, day, _, kind, level, in_county, filing, identities, costs in own:
            rules = scheme.rules(day, kind, level, in_county, filing, identities=identities)
            layers, _, balances = rules.settle(costs, NOTHING_PAID, balances)
            paid += sum(layers)
    return paid


def in_yuan(requests: list[Any]) -> int:
    """Frozen facts in, frozen breakdowns out."""
    return sum(
        int(outcome.breakdown.paid * 100)
        for request in requests
        for outcome in adjudicate_year(request.scheme, request.person, request.claims)
    )


def by_oracle(lines: list[dict[str, Any]]) -> int:
    """The independent calculator."""
    return sum(
        int(sum(layers.values()) * 100) for line in lines for layers in year_of(line).values()
    )


def as_quoted(lines: list[bytes]) -> int:
    """The whole of `quote`: JSON in, sentences out."""
    paid = 0
    for number, raw in enumerate(lines, 1):
        answer, _ = answer_line(number, raw, shipped_schemes(), "zh")
        json.dumps(answer, ensure_ascii=False)
        paid += sum(int(claim["paid"].replace(".", "")) for claim in answer["claims"])
    return paid


def main() -> None:
    """Run all four in turn and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lines = list(person_years(options.claims))
    count = sum(len(line["claims"]) for line in lines)
    requests = [read_request(line, shipped_schemes()) for line in lines]
    rows = stream_rows(lines)
    raw = [json.dumps(line).encode() for line in lines]
    works: dict[str, Callable[[], int]] = {
        "baseline: independent, Decimal": lambda: by_oracle(lines),
        "adjudicate_year, Decimal facts": lambda: in_yuan(requests),
        "Rules.settle, integer fen, steps": lambda: on_fen(rows),
        "quote, JSON to sentences": lambda: as_quoted(raw),
    }
    # Processor time: the work is one process without waiting, and the machine may be shared.
    seconds: dict[str, list[float]] = {name: [] for name in works}
    results = set()
    for _ in range(options.rounds):
        for name, work in works.items():
            begin = process_time()
            results.add(work())
            seconds[name].append(process_time() - begin)
    if len(results) != 1:
        sys.exit(f"the calculators disagree: {sorted(results)} fen")
    print(f"{count:,} claims of {len(lines):,} persons, {options.rounds} rounds, medians")
    print(f"{platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    base = median(seconds["baseline: independent, Decimal"])
    for name, taken in seconds.items():
        middle = median(taken)
        print(f"{name:<34} {count / middle:>10,.0f} claims/s   {base / middle:5.2f} × baseline")


if __name__ == "__main__":
    main()
