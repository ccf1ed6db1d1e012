"""Golden cases of the calculator: claims in, what each layer pays, exactly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.quoting.reading import read_request

GOLDEN = Path(__file__).parent / "golden"
SCHEMES = {
    "tianjin": "tianjin-critical-illness",
    "yongqiao": "yongqiao-critical-illness",
    "ejinhoro": "ejin-horo-supplementary",
    "taojiang": "taojiang-one-stop",
    "yongshun": "yongshun-resident",
}


def cases() -> list[Any]:
    found = []
    for file in sorted(GOLDEN.glob("*.yaml")):
        prefix = file.stem.split("_")[0]
        if prefix in SCHEMES:
            for case in yaml.safe_load(file.read_text()):
                found.append(pytest.param(SCHEMES[prefix], case, id=f"{prefix}: {case['name']}"))
    return found


def spelled_out(claim: dict[str, Any]) -> dict[str, Any]:
    """`at: county` is an institution in the county, `away: city` one outside it."""
    claim = dict(claim)
    for word, in_county in (("at", True), ("away", False)):
        if word in claim:
            claim["institution"] = {"level": claim.pop(word), "in_county": in_county}
    return claim


def line_of(scheme: str, case: dict[str, Any]) -> dict[str, Any]:
    """A case as `quote` takes it."""
    birthday = {"born_on": case["born_on"]} if "born_on" in case else {}
    return {
        "scheme": scheme,
        "person": {"assistance": case.get("assistance", []), **birthday},
        "claims": [spelled_out(claim) for claim in case["claims"]],
    }


@pytest.mark.parametrize(("scheme", "case"), cases())
def test_golden(scheme: str, case: dict[str, Any]) -> None:
    request = read_request(line_of(scheme, case), shipped_schemes())
    outcomes = adjudicate_year(request.scheme, request.person, request.claims)
    assert case["source"]
    assert {outcome.claim.id for outcome in outcomes} == set(case["expect"])
    if "order" in case:
        assert [outcome.claim.id for outcome in outcomes] == case["order"]
    for outcome in outcomes:
        got = {layer.layer: str(layer.paid) for layer in outcome.breakdown.layers}
        got["in_policy"] = str(outcome.breakdown.in_policy)
        got["personal"] = str(outcome.breakdown.personal)
        got |= {f"{layer.layer}_policy": layer.policy for layer in outcome.breakdown.layers}
        expected = case["expect"][outcome.claim.id]
        assert {key: got[key] for key in expected} == expected, outcome.claim.id
