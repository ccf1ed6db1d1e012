"""Random person-years as `quote` takes them, for the oracle, the invariants and the bench."""

import random
from datetime import date, timedelta
from typing import Any

from claims.benefit.types import FILINGS, IDENTITIES, LEVELS

FIRST, LAST = date(2020, 12, 20), date(2022, 4, 10)
EDGES = [
    date(2021, 1, 31),
    date(2021, 2, 1),
    date(2021, 9, 30),
    date(2021, 10, 1),
    date(2021, 12, 31),
    date(2022, 1, 1),
    date(2022, 2, 28),
    date(2022, 3, 1),
]
PRIOR = {
    "tianjin-critical-illness": ("basic",),
    "yongqiao-critical-illness": ("basic",),
    "ejin-horo-supplementary": ("basic", "critical_illness", "medical_aid", "poverty"),
    "taojiang-one-stop": ("medical_aid", "poverty"),
    "yongshun-resident": ("poverty",),
}
KINDS = ("inpatient", "inpatient", "special_outpatient", "general_outpatient")
MORE_KINDS = {"yongshun-resident": ("two_diseases", "two_diseases", "maternity")}
DISEASES = (["hypertension"], ["diabetes"], ["hypertension", "diabetes"])


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def amount(rng: random.Random) -> int:
    """Fen, of any size that matters: a visit, a stay, a catastrophe, a round edge."""
    top = rng.choice([100, 30_000, 1_000_000, 8_000_000, 40_000_000])
    fen = rng.randrange(top + 1)
    return fen if rng.random() < 0.7 else fen // 10_000 * 10_000 + rng.choice([-1, 0, 1, 50])


def claim(rng: random.Random, name: str, scheme: str) -> dict[str, Any]:
    total = max(amount(rng), 0)
    left = total
    costs = {}
    for key in ("excluded", "over_limit", "first_self_pay"):
        if rng.random() < 0.4:
            costs[key] = yuan(part := rng.randrange(left // 3 + 1))
            left -= part
    kind = rng.choice([*KINDS, *MORE_KINDS.get(scheme, ())])
    days = (LAST - FIRST).days
    on = rng.choice(EDGES) if rng.random() < 0.3 else FIRST + timedelta(rng.randrange(days))
    made = {
        "id": name,
        "kind": kind,
        "discharged_on": on.isoformat(),
        "institution": {"level": rng.choice(LEVELS), "in_county": rng.random() < 0.6},
        "filing": rng.choice(FILINGS),
        "total": yuan(total),
        **costs,
    }
    prior = {}
    for layer in PRIOR[scheme]:
        if rng.random() < 0.5:
            prior[layer] = yuan(part := rng.randrange(left // rng.choice([1, 2, 8]) + 1))
            left -= part
    if prior:
        made["already_paid"] = prior
    if kind == "general_outpatient" and rng.random() < 0.6:
        made["chronic"] = True
    if kind == "two_diseases":
        made["diseases"] = rng.choice(DISEASES)
    if kind == "maternity":
        made["delivery"] = rng.choice(("natural", "caesarean"))
    return made


def person_year(rng: random.Random, scheme: str) -> dict[str, Any]:
    claims = [claim(rng, f"c{index}", scheme) for index in range(rng.randrange(1, 9))]
    rng.shuffle(claims)
    identities = rng.sample(IDENTITIES, rng.choice([0, 0, 1, 1, 2, 3]))
    return {"scheme": scheme, "person": {"assistance": identities}, "claims": claims}
