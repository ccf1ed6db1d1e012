"""Kinds of claim that only some schemes name: two diseases and maternity."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from claims.benefit.adjudication import adjudicate
from claims.benefit.explain import render
from claims.benefit.loading import shipped_schemes
from claims.benefit.scheme import NOTHING_PAID
from claims.benefit.types import Accumulators, ClaimFacts, ClaimRefused, PersonFacts
from claims.quoting.answering import answer_line
from claims.tests.benefit_years import a_year, seeds

YONGSHUN = shipped_schemes()["yongshun-resident"]
OTHERS = sorted(set(shipped_schemes()) - {"yongshun-resident"})
MEDICINES: dict[str, Any] = {
    "id": "a",
    "kind": "two_diseases",
    "discharged_on": "2023-05-01",
    "institution": {"level": "township", "in_county": True},
    "total": "1000.00",
    "diseases": ["hypertension"],
}
BIRTH: dict[str, Any] = {
    "id": "a",
    "kind": "maternity",
    "discharged_on": "2023-05-01",
    "total": "2000.00",
    "delivery": "natural",
}
STAY: dict[str, Any] = {
    "id": "a",
    "kind": "inpatient",
    "discharged_on": "2023-05-01",
    "institution": {"level": "county", "in_county": True},
    "total": "2000.00",
}


def answer(claim: dict[str, Any], scheme: str = "yongshun-resident", lang: str = "zh") -> Any:
    line = json.dumps({"scheme": scheme, "claims": [claim]}).encode()
    return answer_line(1, line, shipped_schemes(), lang)[0]


def without(claim: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in claim.items() if name != key}


def test_medicines_explain_rate_and_ceiling_in_both_languages() -> None:
    texts = {}
    for lang in ("zh", "en"):
        basic = answer(MEDICINES, lang=lang)["claims"][0]["layers"][0]
        texts[lang] = [step["text"] for step in basic["steps"]]
    basis = (
        "（依据：《湖南省城乡居民高血压糖尿病门诊用药保障规定》支付比例和年度限额，条号待核定；"
        "标准待核定）"
    )
    assert texts["zh"][1:] == [
        f"两病门诊用药（高血压）：政策范围内 1,000.00 × 70% = 700.00{basis}",
        "两病门诊用药（高血压）年度限额还剩 360.00，本次支付 360.00",
    ]
    assert texts["en"][2] == ("360.00 left of the year's ceiling for hypertension: 360.00 paid")


def test_a_birth_explains_its_limit_in_both_languages() -> None:
    zh, en = (answer(BIRTH, lang=lang)["claims"][0]["layers"][0]["steps"] for lang in ("zh", "en"))
    assert zh[2]["text"] == "住院分娩（顺产）每次最高支付 1,300.00，本次支付 1,300.00"
    assert en[2]["text"] == "A birth (natural) is paid up to 1,300.00: 1,300.00 paid"
    assert zh[2]["amount"] == "1300.00"
    basis = next(step["text"] for step in zh if "依据" in step["text"])
    assert "（依据：未查到公布文件的演示数字，顺产 1300 元" in basis  # no document, no marks


@pytest.mark.parametrize("scheme", OTHERS)
@pytest.mark.parametrize(("claim", "key"), [(MEDICINES, "diseases"), (BIRTH, "delivery")])
def test_a_scheme_that_does_not_name_the_kind_refuses_it_as_before(
    scheme: str, claim: dict[str, Any], key: str
) -> None:
    error = answer(without(claim, key), scheme)["error"]
    assert error["field"] == "claims[0].kind"
    assert "two_diseases" not in error["message"].split("可用")[1]
    error = answer({**STAY, key: claim[key]}, scheme)["error"]
    assert error["field"] == f"claims[0].{key}"
    assert "不认识的字段" in error["message"]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (without(MEDICINES, "diseases"), "diseases", "补填"),
    (without(MEDICINES, "institution"), "institution", "补填"),
    ({**MEDICINES, "diseases": []}, "diseases", "补填"),
    ({**MEDICINES, "diseases": "hypertension"}, "diseases", "列表"),
    ({**MEDICINES, "diseases": None}, "diseases", "列表"),
    ({**MEDICINES, "diseases": ["gout"]}, "diseases[0]", "diabetes"),
    ({**MEDICINES, "diseases": ["diabetes", 1]}, "diseases[1]", "hypertension"),
    ({**MEDICINES, "delivery": "natural"}, "delivery", "maternity"),
    ({**MEDICINES, "chronic": True}, "chronic", "普通门诊"),
    (without(BIRTH, "delivery"), "delivery", "补填"),
    ({**BIRTH, "delivery": "twins"}, "delivery", "caesarean"),
    ({**BIRTH, "delivery": None}, "delivery", "caesarean"),
    ({**BIRTH, "diseases": ["diabetes"]}, "diseases", "two_diseases"),
    ({**STAY, "diseases": ["diabetes"]}, "diseases", "two_diseases"),
    ({**STAY, "delivery": "natural"}, "delivery", "maternity"),
]


@pytest.mark.parametrize(("claim", "field", "words"), REFUSED)
def test_details_that_do_not_fit_are_refused_at_their_field(
    claim: dict[str, Any], field: str, words: str
) -> None:
    error = answer(claim)["error"]
    assert error["field"] == f"claims[0].{field}"
    assert words in error["message"]
    english = answer(claim, lang="en")["error"]
    assert english["field"] == f"claims[0].{field}"
    assert not any("\u4e00" <= c <= "\u9fff" for c in english["message"])


FACTS = ClaimFacts("a", "two_diseases", date(2023, 5, 1), Decimal(100), level="county")


@pytest.mark.parametrize(
    ("scheme", "facts", "reason", "field"),
    [
        ("yongshun-resident", FACTS, "missing", "diseases"),
        ("yongshun-resident", replace(FACTS, kind="maternity"), "missing", "delivery"),
        ("yongshun-resident", replace(FACTS, kind="dental"), "unknown_code", "kind"),
        ("tianjin-critical-illness", FACTS, "unknown_code", "kind"),
        (
            "yongshun-resident",
            replace(FACTS, kind="special_outpatient", delivery="natural"),
            "detail_kind",
            "delivery",
        ),
    ],
)
def test_the_calculator_itself_refuses_what_does_not_fit(
    scheme: str, facts: ClaimFacts, reason: str, field: str
) -> None:
    with pytest.raises(ClaimRefused) as refused:
        adjudicate(shipped_schemes()[scheme], PersonFacts(), facts, Accumulators(2023))
    assert (refused.value.reason, refused.value.field) == (reason, field)


@given(seeds)
def test_no_year_exceeds_a_ceiling_of_the_two_diseases_or_of_births(seed: int) -> None:
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for outcome in a_year(seed, "yongshun-resident")[1]:
        claim, basic = outcome.claim, outcome.breakdown.layers[0]
        if claim.kind == "maternity":
            assert basic.paid <= {"natural": 1300, "caesarean": 1600}[claim.delivery or ""]
        if claim.kind in ("two_diseases", "maternity"):
            assert [layer.paid for layer in outcome.breakdown.layers[1:]] == [0, 0]
        for movement in outcome.movements:
            sums[claim.discharged_on.year, movement.counter] += movement.amount
    for year in {year for year, _ in sums}:
        assert sums[year, "basic.hypertension"] <= 360
        assert sums[year, "basic.diabetes"] <= 600
        assert sums[year, "basic.two_diseases"] <= 960
        assert sums[year, "basic.two_diseases"] >= (
            sums[year, "basic.hypertension"] + sums[year, "basic.diabetes"]
        )


@pytest.mark.parametrize("kind", ["two_diseases", "maternity"])
@pytest.mark.parametrize("scheme", OTHERS)
def test_every_layer_of_another_scheme_stays_idle_on_a_new_kind(scheme: str, kind: str) -> None:
    found = shipped_schemes()[scheme]
    rules = found.rules(date(2021, 5, 1), kind, "county", True, detail="both")
    paid, steps, after = rules.settle((10_000, 5_000, 0, 0), NOTHING_PAID, found.zeros())
    assert set(paid) == {0}
    assert after == found.zeros()
    for layer, part in zip(found.layers, steps.split("|"), strict=True):
        assert "不支付" in render(found, layer.code, part, date(2021, 5, 1))[-1][0]
