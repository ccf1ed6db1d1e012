"""Steps: stored small, read again, told in both languages."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from claims.benefit.explain import render, render_claim
from claims.benefit.layers import LAYER_KINDS
from claims.benefit.loading import shipped_schemes
from claims.benefit.scheme import NOTHING_PAID, split_policy
from claims.benefit.sentences import SENTENCES
from claims.benefit.steps import SIGNATURES, Step, StepError, decode_steps, encode_steps
from claims.tests.benefit_years import a_year, schemes, seeds

YONGSHUN = shipped_schemes()["yongshun-resident"]


@given(seeds, schemes)
def test_steps_survive_storing_and_are_told_in_both_languages(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    for outcome in outcomes:
        day = outcome.claim.discharged_on
        stored = "|".join(layer.steps for layer in outcome.breakdown.layers)
        assert encode_steps(decode_steps(stored)) == stored
        chinese, english = (
            render_claim(request.scheme, stored, day, lang) for lang in ("zh", "en")
        )
        for layer, (code, lines), (_, translated) in zip(
            outcome.breakdown.layers, chinese, english, strict=True
        ):
            assert code == layer.layer
            assert lines[-1][1] == layer.paid, stored  # the last step is what is paid
            assert [amount for _, amount in lines] == [amount for _, amount in translated]
            for text, _ in lines + translated:
                assert "{" not in text
                assert text.strip() == text
            assert not any("\u4e00" <= c <= "\u9fff" for text, _ in translated for c in text)


@settings(max_examples=20)
@given(seeds)
def test_steps_stay_small(seed: int) -> None:
    _, outcomes = a_year(seed, "yongshun-resident")
    for outcome in outcomes:
        stored = "|".join(layer.steps for layer in outcome.breakdown.layers)
        assert len(stored.encode()) <= 400


def test_the_steps_of_an_ordinary_stay_take_under_130_bytes() -> None:
    rules = YONGSHUN.rules(date(2023, 5, 1), "inpatient", "county", True)
    _, stored, _ = rules.settle((1_000_000, 60_000, 0, 20_000), NOTHING_PAID, YONGSHUN.zeros())
    assert stored == (
        "P1000000,60000,0,20000;D50000,150000,50000;R870000,75,652500|A0,267500;U1100000|Nidentity"
    )
    assert 40 <= len(stored.encode()) <= 130


def test_an_ordinary_stay_explains_itself() -> None:
    steps = "P1000000,60000,0,20000;D50000,150000,50000;R870000,75,652500"
    day = date(2023, 5, 1)
    basis = (
        "（依据：《怀化市城乡居民基本医疗保险待遇政策》住院起付线和支付比例，条号待核定；"
        "标准待核定）"
    )
    assert render(YONGSHUN, "basic", steps, day) == [
        (
            "政策范围内费用 = 总费用 10,000.00 − 全自费 600.00 − 超限价 0.00 − 先行自付 200.00"
            " = 9,200.00",
            Decimal("9200.00"),
        ),
        (
            f"起付线：该级别医疗机构 500.00，年度累计上限还剩 1,500.00，本次扣除 500.00{basis}",
            Decimal("500.00"),
        ),
        ("住院：扣除起付线后 8,700.00 × 75% = 6,525.00", Decimal("6525.00")),
    ]
    assert render(YONGSHUN, "basic", steps, day, "en")[2] == (
        "Inpatient: 8,700.00 after the deductible × 75% = 6,525.00",
        Decimal("6525.00"),
    )


@pytest.mark.parametrize("damaged", ["?1", "R1,2", "Rx,75,1", "P1,2,3,4,5", "U", "U1;;U1"])
def test_damaged_steps_are_refused(damaged: str) -> None:
    with pytest.raises(StepError):
        decode_steps(damaged)


def test_steps_are_codes_and_figures() -> None:
    assert decode_steps("f" + "unfiled,-10") == ((Step("f", ("unfiled", -100_000)),),)


@pytest.mark.parametrize("code", sorted(SIGNATURES))
def test_every_step_has_its_sentence(code: str) -> None:
    names, text, _ = SENTENCES[code]
    assert len(names) == len(SIGNATURES[code])
    assert "{" in text.zh
    assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en))
    kinds = [kind for kind in LAYER_KINDS.values() if code in kind.STEP_PARAMETERS]
    for kind in kinds:
        assert kind.STEP_PARAMETERS[code] in {**kind.REQUIRED, **kind.OPTIONAL}


def test_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(SIGNATURES)


@given(seeds, schemes)
def test_the_policies_date_explains_as_well_as_the_discharge(seed: int, scheme: str) -> None:
    request, outcomes = a_year(seed, scheme)
    for outcome in outcomes:
        for layer in outcome.breakdown.layers:
            code, effective = split_policy(layer.policy)
            assert code == scheme
            assert effective <= outcome.claim.discharged_on
            assert render(request.scheme, layer.layer, layer.steps, effective) == render(
                request.scheme, layer.layer, layer.steps, outcome.claim.discharged_on
            )
