"""An independent calculator, naive on purpose: Decimal, plain dicts, no shared code.

Written from the text of the contract alone, scheme by scheme, with its own figures. It
recomputes the year from scratch for every claim where the text speaks of the year. The
tests compare it with the calculator; the bench takes it as the baseline.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

D = Decimal
Claim = dict[str, Any]


def fen(value: Decimal) -> Decimal:
    return value.quantize(D("0.01"), rounding=ROUND_HALF_UP)


def facts(claim: Claim) -> Claim:
    total = D(claim["total"])
    outside = sum(
        (D(claim.get(k, "0")) for k in ("excluded", "over_limit", "first_self_pay")), D(0)
    )
    prior = {k: D(v) for k, v in claim.get("already_paid", {}).items()}
    institution = claim.get("institution") or {}
    return {
        "id": claim["id"],
        "kind": claim["kind"],
        "on": claim["discharged_on"],
        "year": claim["discharged_on"][:4],
        "total": total,
        "in_policy": total - outside,
        "prior": prior,
        "already": sum(prior.values(), D(0)),
        "level": institution.get("level"),
        "in_county": institution.get("in_county"),
        "filing": claim.get("filing", "none"),
        "chronic": claim.get("chronic", False),
        "diseases": sorted(claim.get("diseases", [])),
        "delivery": claim.get("delivery"),
    }


def year_of(line: dict[str, Any]) -> dict[str, Any]:
    """What `quote` should say of a line: {id: {layer: paid}} or {"refused": id}."""
    identities = set(line.get("person", {}).get("assistance", []))
    claims = sorted((facts(c) for c in line["claims"]), key=lambda c: (c["on"], c["id"]))
    answer: dict[str, Any] = {}
    history: list[Claim] = []
    for claim in claims:
        earlier = [c for c in history if c["year"] == claim["year"]]
        pays = SCHEMES[line["scheme"]](claim, earlier, identities)
        if claim["already"] + sum(pays.values(), D(0)) > claim["total"]:
            return {"refused": claim["id"]}
        claim["pays"] = pays
        history.append(claim)
        answer[claim["id"]] = pays
    return answer


def paid(earlier: list[Claim], layer: str) -> Decimal:
    return sum((c["pays"][layer] for c in earlier), D(0))


def in_excess_bands(amount: Decimal, bands: list[tuple[str | None, str]], plus: Decimal) -> Decimal:
    low, out = D(0), D(0)
    for upto, rate in bands:
        high = D("Infinity") if upto is None else D(upto)
        if amount > low:
            out += (min(amount, high) - low) * min(D(rate) + plus, D(1))
        low = high
    return out


def in_cumulative_bands(
    base: Decimal, deductible: Decimal, bands: list[tuple[str | None, str]], plus: Decimal
) -> Decimal:
    low, out = D(0), D(0)
    for upto, rate in bands:
        high = D("Infinity") if upto is None else D(upto)
        start = max(low, deductible)
        if base > start and high > start:
            out += (min(base, high) - start) * min(D(rate) + plus, D(1))
        low = high
    return out


# --- schemes 4 and 5: basic and critical illness ------------------------------------------

STAYS = ("inpatient", "special_outpatient")
DEDUCTIBLES = {"township": "200", "county": "500", "city": "1000", "province": "1500"}
RATES = {"township": "0.90", "county": "0.75", "city": "0.60", "province": "0.60"}
HUNAN = [("30000", "0.60"), ("80000", "0.65"), ("150000", "0.75"), (None, "0.85")]


def own_deductible(claim: Claim, earlier: list[Claim]) -> Decimal:
    used = sum((c.get("deductible", D(0)) for c in earlier), D(0))
    return min(D(DEDUCTIBLES[claim["level"]]), D(1500) - used, claim["in_policy"])


def hunan_basic(claim: Claim, earlier: list[Claim], plus: Decimal) -> Decimal:
    both = [c for c in earlier if c["kind"] in STAYS]
    if claim["kind"] == "two_diseases":
        return two_diseases(claim, [c for c in earlier if c["kind"] == "two_diseases"])
    if claim["kind"] == "maternity":
        return min(claim["in_policy"], D({"natural": 1300, "caesarean": 1600}[claim["delivery"]]))
    if claim["kind"] == "general_outpatient":
        if claim["level"] != "township":
            return D(0)
        others = [c for c in earlier if c["kind"] == "general_outpatient"]
        return min(fen(claim["in_policy"] * D("0.70")), D(420) - paid(others, "basic"))
    if claim["kind"] == "special_outpatient":
        due = fen(claim["in_policy"] * D("0.70"))
    else:
        rate = D(RATES[claim["level"]]) + plus
        if not claim["in_county"]:
            rate -= {"unfiled": D("0.10"), "referred": D("0.05")}.get(claim["filing"], D(0))
        claim["deductible"] = own_deductible(claim, earlier)
        due = fen((claim["in_policy"] - claim["deductible"]) * min(rate, D(1)))
    return min(due, D(150000) - paid(both, "basic"))


def two_diseases(claim: Claim, earlier: list[Claim]) -> Decimal:
    """70 % at township and county level: 360 for hypertension, 600 for diabetes, 960 in all."""
    if claim["level"] not in ("township", "county"):
        return D(0)
    due = fen(claim["in_policy"] * D("0.70"))
    left = D(960) - paid(earlier, "basic")
    if len(claim["diseases"]) == 1:
        same = [c for c in earlier if c["diseases"] == claim["diseases"]]
        own = D({"hypertension": 360, "diabetes": 600}[claim["diseases"][0]])
        left = min(left, own - paid(same, "basic"))
    return min(due, left)


def hunan_critical(
    claim: Claim, earlier: list[Claim], basic: Decimal, favour: tuple[str, str, bool]
) -> Decimal:
    if claim["kind"] not in STAYS:
        return D(0)
    factor, plus, unlimited = favour
    base = claim["in_policy"] - basic
    for c in earlier:
        if c["kind"] in STAYS:
            base += c["in_policy"] - c["pays"]["basic"]
    excess = base - D(11000) * D(factor)
    due = fen(in_excess_bands(max(excess, D(0)), HUNAN, D(plus)))
    if not unlimited:
        due = min(due, D(400000))
    return max(due - paid(earlier, "critical_illness"), D(0))


def yongshun(claim: Claim, earlier: list[Claim], identities: set[str]) -> dict[str, Decimal]:
    basic = hunan_basic(claim, earlier, D(0))
    favoured = bool(identities & {"extremely_poor", "low_income", "at_risk"})
    critical = hunan_critical(
        claim, earlier, basic, ("0.5", "0.05", True) if favoured else ("1", "0", False)
    )
    aid = D(0)
    if claim["kind"] == "inpatient" and favoured:
        rates = {"extremely_poor": D(1), "low_income": D("0.70"), "at_risk": D("0.50")}
        rate = max(rates[i] for i in identities if i in rates)
        left = max(claim["in_policy"] - claim["already"] - basic - critical, D(0))
        aid = min(fen(left * rate), D(50000) - paid(earlier, "medical_aid"))
    return {"basic": basic, "critical_illness": critical, "medical_aid": aid}


def taojiang(claim: Claim, earlier: list[Claim], identities: set[str]) -> dict[str, Decimal]:
    before = claim["on"] < "2021-10-01"
    poor = "registered_poor" in identities and before
    inpatient = claim["kind"] == "inpatient"
    basic = hunan_basic(claim, earlier, D("0.10") if poor and inpatient else D(0))
    critical = hunan_critical(claim, earlier, basic, ("0.5" if poor else "1", "0", False))
    targets = [D(0)]
    if inpatient and poor:
        if claim["in_county"]:
            targets.append(D("0.85"))
        elif claim["filing"] == "referred":
            targets.append(D("0.80"))
    if inpatient and before and "five_guarantee" in identities and claim["in_county"]:
        targets.append(D(1))
    so_far = claim["already"] + basic + critical
    guarantee = max(fen(claim["total"] * max(targets)) - so_far, D(0))
    return {"basic": basic, "critical_illness": critical, "guarantee": guarantee}


# --- schemes 1 to 3 -----------------------------------------------------------------------


def accumulated_base(claim: Claim, earlier: list[Claim]) -> Decimal:
    return sum(
        (
            c["in_policy"] - c["prior"].get("basic", D(0))
            for c in [*earlier, claim]
            if c["kind"] != "general_outpatient"
        ),
        D(0),
    )


def tianjin(claim: Claim, earlier: list[Claim], identities: set[str]) -> dict[str, Decimal]:
    if claim["kind"] == "general_outpatient":
        return {"critical_illness": D(0)}
    if claim["on"] < "2021-02-01":
        deductible = D(21200)
    elif claim["on"] < "2022-03-01":
        deductible = D(21900)
    else:
        deductible = D(23700)
    favoured = identities & {"medical_aid", "preferential", "extremely_poor", "low_income"}
    last = None if favoured else "300000"
    due = in_cumulative_bands(
        accumulated_base(claim, earlier),
        deductible * D("0.5") if favoured else deductible,
        [("100000", "0.60"), ("200000", "0.65"), (last, "0.70")],
        D("0.05") if favoured else D(0),
    )
    return {"critical_illness": max(fen(due) - paid(earlier, "critical_illness"), D(0))}


def yongqiao(claim: Claim, earlier: list[Claim], identities: set[str]) -> dict[str, Decimal]:
    if claim["kind"] == "general_outpatient":
        return {"critical_illness": D(0)}
    due = in_cumulative_bands(
        accumulated_base(claim, earlier),
        D(12000),
        [("50000", "0.60"), ("100000", "0.65"), ("200000", "0.75"), (None, "0.85")],
        D(0),
    )
    return {"critical_illness": max(fen(due) - paid(earlier, "critical_illness"), D(0))}


def ejin_horo(claim: Claim, earlier: list[Claim], identities: set[str]) -> dict[str, Decimal]:
    one = two = three = D(0)
    if claim["kind"] in STAYS:
        if claim["in_policy"] - claim["already"] > 2000:
            one = max(fen(claim["in_policy"] * D("0.80") - claim["already"]), D(0))
        outside = sum(
            (c["total"] - c["in_policy"] for c in [*earlier, claim] if c["kind"] in STAYS), D(0)
        )
        due = fen(max(outside - 5000, D(0)) * D("0.15"))
        two = max(due - sum((c["two"] for c in earlier), D(0)), D(0))
    elif claim["chronic"]:
        left = sum((c["in_policy"] - c["already"] for c in [*earlier, claim] if c["chronic"]), D(0))
        due = fen(max(left - 3000, D(0)) * D("0.60"))
        three = max(due - sum((c["three"] for c in earlier), D(0)), D(0))
    claim["two"], claim["three"] = two, three
    return {"supplementary": one + two + three}


SCHEMES = {
    "tianjin-critical-illness": tianjin,
    "yongqiao-critical-illness": yongqiao,
    "ejin-horo-supplementary": ejin_horo,
    "taojiang-one-stop": taojiang,
    "yongshun-resident": yongshun,
}
