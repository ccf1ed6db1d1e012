"""The lists at the size of a large city against the same lists at the size of a county town.

    python -m bench.lists                          # 5,400,000 residents, 1,000,000 claims
    python -m bench.lists --residents 500000 --claims 100000

Builds two databases of its own, asks the same pages of both through the admin's own views, in
turn, and prints p50 and p95 of each with the ratio and the statements per page. Milliseconds are
processor time, of the web process and of its database process together, so that whatever else the
machine does leaves them alone. The wall clock stands beside them: it alone tells of waiting for the
disk and of parallel workers.
"""

import argparse
import gc
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.database import machine  # noqa: E402
from bench.lists_data import build, id_of, name_of  # noqa: E402
from enrollment.lists.keyset import keys_of, position_of  # noqa: E402
from enrollment.models import Institution, Person, User  # noqa: E402

PERSONS, CLAIMS = "admin:enrollment_person_changelist", "admin:claims_claim_changelist"
Ask = Callable[[random.Random, int], tuple[str, dict[str, str]]]


def _township(rng: random.Random) -> str:
    return f"4331{rng.randrange(1, 10):02d}{rng.randrange(101, 131)}000"


def _month(rng: random.Random) -> dict[str, str]:
    month = rng.randrange(1, 10)
    return {
        "discharged_on__gte": f"2026-{month:02d}-01",
        "discharged_on__lte": f"2026-{month:02d}-28",
    }


def _asked() -> str:
    """The database that is asked now."""
    return str(connection.settings_dict["NAME"])


@cache
def _behind(rows: int, _database: str) -> dict[str, str]:
    """The address of the page that begins behind so many residents, as “Next” leads to it."""
    keys = keys_of(Person, ("name", "id"))
    last = Person.objects.order_by("name", "id").values_list("name", "id")[rows - 1]
    return {"after": position_of(keys, last), "p": str(rows // 50 + 1)}


# What people ask of a list; `residents` is the size, for numbers that exist.
PAGES: dict[str, Ask] = {
    "residents: first page": lambda rng, n: (PERSONS, {}),
    "residents: page 100 by number": lambda rng, n: (PERSONS, {"p": "100"}),
    "residents: page 1,000 by key": lambda rng, n: (PERSONS, _behind(49_950, _asked())),
    "residents: last page": lambda rng, n: (PERSONS, {"last": "1"}),
    "residents: full ID": lambda rng, n: (PERSONS, {"q": id_of(rng.randrange(1, n))}),
    "residents: last four of ID": lambda rng, n: (PERSONS, {"q": id_of(rng.randrange(1, n))[-4:]}),
    "residents: name": lambda rng, n: (PERSONS, {"q": name_of(rng)}),
    "residents: two-character name": lambda rng, n: (PERSONS, {"q": name_of(rng)[:2]}),
    "residents: surname": lambda rng, n: (PERSONS, {"q": name_of(rng)[:1]}),
    "residents: initials": lambda rng, n: (PERSONS, {"q": rng.choice(("wf", "ln", "zwj", "cx"))}),
    "residents: township": lambda rng, n: (PERSONS, {"township": _township(rng)}),
    "residents: township and identity": lambda rng, n: (
        PERSONS,
        {"township": _township(rng), "identity": "low_income"},
    ),
    "residents: township and surname": lambda rng, n: (
        PERSONS,
        {"township": _township(rng), "q": name_of(rng)[:1]},
    ),
    "claims: first page": lambda rng, n: (CLAIMS, {}),
    "claims: page 100 by number": lambda rng, n: (CLAIMS, {"p": "100"}),
    "claims: last page": lambda rng, n: (CLAIMS, {"last": "1"}),
    "claims: settled": lambda rng, n: (CLAIMS, {"state__exact": "settled"}),
    "claims: rejected": lambda rng, n: (CLAIMS, {"state__exact": "rejected"}),
    "claims: awaiting first review": lambda rng, n: (CLAIMS, {"state__exact": "submitted"}),
    "claims: overdue": lambda rng, n: (CLAIMS, {"due": "over"}),
    "claims: a month": lambda rng, n: (CLAIMS, _month(rng)),
    "claims: an institution": lambda rng, n: (
        CLAIMS,
        {"institution": f"B{rng.randrange(1, 397):05d}"},
    ),
    "claims: an institution's month": lambda rng, n: (
        CLAIMS,
        {"institution": f"B{rng.randrange(1, 397):05d}", **_month(rng)},
    ),
    "claims: by resident's ID": lambda rng, n: (CLAIMS, {"q": id_of(rng.randrange(1, n))}),
    "claims: by two-character name": lambda rng, n: (CLAIMS, {"q": name_of(rng)[:2]}),
}


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=5_400_000)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--small-residents", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=40, help="requests per page and size")
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument("--plans", action="store_true", help="print the plans of slow statements")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    small = (options.small_residents, options.claims * options.small_residents // options.residents)
    sizes = {"small": small, "large": (options.residents, options.claims)}
    built = {label: prepare(*size) for label, size in sizes.items()}
    clients = {}
    for label, (residents, claims) in sizes.items():
        use(database(residents, claims))
        clients[label] = Client()
        clients[label].force_login(User.objects.get(username="bench"))
        Institution.objects.first()
    results = {}
    for name, ask in PAGES.items():
        if options.only in name:
            results[name] = measure(ask, sizes, clients, options.times, plans=options.plans)
            print(name, json.dumps(results[name], ensure_ascii=False), flush=True)
    print(table(results))
    print(json.dumps({"machine": machine(), "built in seconds": built, "pages": results}))


def measure(
    ask: Ask,
    sizes: dict[str, tuple[int, int]],
    clients: dict[str, Client],
    times: int,
    *,
    plans: bool,
) -> dict[str, object]:
    """The page of both sizes in turn: milliseconds, statements, rows shown."""
    seconds: dict[str, list[float]] = {label: [] for label in sizes}
    walls: dict[str, list[float]] = {label: [] for label in sizes}
    rows: dict[str, list[int]] = {label: [] for label in sizes}
    statements: dict[str, int] = {}
    for block in range(4):
        for label, (residents, claims) in sizes.items():
            use(database(residents, claims))
            rng = random.Random(block)  # noqa: S311
            gc.collect()
            gc.freeze()  # what has been loaded is not looked through again between two pages
            for turn in range(-2, times // 4):
                url_name, query = ask(rng, residents)
                started, clock = worked(), time.perf_counter()
                page = clients[label].get(reverse(url_name), query)
                took, waited = worked() - started, time.perf_counter() - clock
                if turn < 0:  # the first of a connection wait for its caches
                    continue
                seconds[label].append(took)
                walls[label].append(waited)
                rows[label].append(shown(page.content))
            with CaptureQueriesContext(connection) as seen:
                clients[label].get(reverse(url_name), query)
            statements[label] = max(statements.get(label, 0), len(seen))
            if plans and label == "large" and block == 0:
                for one in sorted(seen, key=lambda one: -float(one["time"]))[:2]:
                    print(one["time"], one["sql"][:1500])
                    if one["sql"].startswith("SELECT"):
                        with connection.cursor() as cursor:
                            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + one["sql"])
                            print("\n".join(line for (line,) in cursor.fetchall()))
    figures: dict[str, object] = {}
    for label, taken in seconds.items():
        cuts = statistics.quantiles(taken, n=20)
        figures[label] = {
            "p50": round(statistics.median(taken) * 1000, 1),
            "p95": round(cuts[18] * 1000, 1),
            "wall p50": round(statistics.median(walls[label]) * 1000, 1),
            "rows": round(statistics.mean(rows[label]), 1),
            "statements": statements[label],
        }
    small, large = figures["small"], figures["large"]
    figures["p50 ratio"] = round(large["p50"] / small["p50"], 2)  # type: ignore[index]
    figures["p95 ratio"] = round(large["p95"] / small["p95"], 2)  # type: ignore[index]
    return figures


def worked() -> float:
    """Seconds of processor time of this process and of the database process that serves it."""
    own = time.process_time()
    pid = connection.connection.info.backend_pid if connection.connection else None
    if pid is None:
        return own
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return own + int(nanoseconds) / 1e9


def shown(content: bytes) -> int:
    """Rows of the table on the page."""
    if b'id="result_list"' not in content:
        return 0
    return content.count(b"<tr>") - 1 - content.count(b"<tfoot>")


def table(results: dict[str, dict[str, object]]) -> str:
    """For docs/benchmarks.md."""
    lines = [
        "| page | rows | p50 small | large | ratio | p95 small | large | ratio | wall p50 large |"
        " statements |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, one in results.items():
        small, large = one["small"], one["large"]
        lines.append(
            f"| {name} | {small['rows']} / {large['rows']} | {small['p50']} | {large['p50']} |"
            f" {one['p50 ratio']} | {small['p95']} | {large['p95']} | {one['p95 ratio']} |"
            f" {large['wall p50']} | {large['statements']} |"
        )
    return "\n".join(lines)


def database(residents: int, claims: int) -> str:
    """Its name."""
    return f"bench_lists_{residents}_{claims}"


def use(name: str) -> None:
    """Talk to that database from now on."""
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


def prepare(residents: int, claims: int) -> int | None:
    """Create and fill the database unless it is there; seconds taken."""
    name = database(residents, claims)
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return None
        cursor.execute(f"CREATE DATABASE \"{name}_new\" TEMPLATE template0 ENCODING 'UTF8'")
    started = time.perf_counter()
    use(f"{name}_new")
    build(residents, claims)
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return round(time.perf_counter() - started)


if __name__ == "__main__":
    main()
