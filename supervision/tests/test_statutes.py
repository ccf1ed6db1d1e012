"""Which article governs an act, and which fine it allows: exact to the fen and the day."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from supervision.statutes.fines import articles_on, check_fine, governing_article
from supervision.statutes.loading import StatuteError, articles, read_articles
from supervision.statutes.types import Article, Decision, Subject, Verdict

GOLDEN = yaml.safe_load(Path(__file__).with_name("golden_fines.yaml").read_text("utf-8"))
IN_FORCE = date(2021, 5, 1)
FEN = Decimal("0.01")


def judge(code: str, fine: str, *, loss: str = "1000.00", **circumstances: Any) -> Decision:
    first = circumstances.pop("act_from", date(2022, 6, 1))
    last = circumstances.pop("act_to", date(2022, 12, 31))
    return check_fine(code, first, last, Decimal(loss), Decimal(fine), **circumstances)


@pytest.mark.parametrize("row", GOLDEN["rows"], ids=lambda row: f"row {row['row']}")
def test_the_reports_fines_lie_exactly_on_the_bounds_of_article_38(row: dict[str, Any]) -> None:
    loss, fine = Decimal(row["loss"]), Decimal(row["fine"])

    def verdict(amount: Decimal) -> Verdict:
        return check_fine(
            GOLDEN["article"], GOLDEN["act_from"], GOLDEN["act_to"], loss, amount
        ).verdict

    assert fine == loss * row["multiple"]
    assert verdict(fine) is Verdict.ALLOWED
    if row["multiple"] == 2:
        assert verdict(fine + FEN) is Verdict.ABOVE_MAXIMUM
    else:
        assert verdict(fine - FEN) is Verdict.BELOW_MINIMUM


def test_the_reports_totals_by_multiple() -> None:
    twice = [row for row in GOLDEN["rows"] if row["multiple"] == 2]
    once = [row for row in GOLDEN["rows"] if row["multiple"] == 1]
    assert (len(twice), len(once)) == (10, 12)
    assert sum(Decimal(row["fine"]) for row in twice) == Decimal("12282.48")
    assert sum(Decimal(row["fine"]) for row in once) == Decimal("101017.72")


@pytest.mark.parametrize(
    ("code", "fine", "verdict"),
    [
        ("38-3", "999.99", Verdict.BELOW_MINIMUM),
        ("38-3", "1000.00", Verdict.ALLOWED),
        ("38-3", "2000.00", Verdict.ALLOWED),
        ("38-3", "2000.01", Verdict.ABOVE_MAXIMUM),
        ("38-3", "0.00", Verdict.MANDATORY),
        ("40-3", "1999.99", Verdict.BELOW_MINIMUM),
        ("40-3", "2000.00", Verdict.ALLOWED),
        ("40-3", "5000.00", Verdict.ALLOWED),
        ("40-3", "5000.01", Verdict.ABOVE_MAXIMUM),
        ("SIL-88", "5000.00", Verdict.ALLOWED),
        ("SIL-87", "1999.99", Verdict.BELOW_MINIMUM),
        ("SAM-68", "3000.00", Verdict.ALLOWED),
        ("SAM-68", "3000.01", Verdict.ABOVE_MAXIMUM),
        ("SAM-68", "0.00", Verdict.ALLOWED),
        ("39-2", "10000.00", Verdict.NOT_REFUSED),
        ("39-2", "0.00", Verdict.ALLOWED),
        ("41-2", "2000.00", Verdict.NOT_FRAUD),
        ("41-2", "0.00", Verdict.ALLOWED),
        ("99-9", "1.00", Verdict.UNKNOWN_ARTICLE),
    ],
)
def test_bounds_are_inclusive_and_exact(code: str, fine: str, verdict: Verdict) -> None:
    assert judge(code, fine).verdict is verdict


@pytest.mark.parametrize(
    ("fine", "verdict"),
    [
        ("9999.99", Verdict.BELOW_MINIMUM),
        ("10000.00", Verdict.ALLOWED),
        ("50000.00", Verdict.ALLOWED),
        ("50000.01", Verdict.ABOVE_MAXIMUM),
        ("0.00", Verdict.MANDATORY),
    ],
)
def test_article_39_fines_only_after_a_refusal_to_correct(fine: str, verdict: Verdict) -> None:
    assert judge("39-2", fine, loss="0.00", refused_to_correct=True).verdict is verdict


def test_article_41_fines_two_to_five_times_when_done_to_defraud() -> None:
    assert judge("41-2", "5000.00", fraud=True).allowed
    assert judge("41-2", "0.00", fraud=True).verdict is Verdict.MANDATORY


def test_an_exemption_replaces_the_mandatory_fine_but_never_allows_a_lower_one() -> None:
    assert judge("38-3", "0.00", exempted=True).allowed
    assert judge("38-3", "500.00", exempted=True).verdict is Verdict.BELOW_MINIMUM


def test_without_a_loss_there_is_no_multiple_to_fine() -> None:
    assert judge("38-3", "0.01", loss="0.00").verdict is Verdict.NO_LOSS
    assert judge("38-3", "0.00", loss="0.00").allowed


def test_an_act_that_ended_the_day_before_the_regulation_cannot_be_fined_under_it() -> None:
    decision = judge("38-3", "1000.00", act_from=date(2021, 1, 1), act_to=date(2021, 4, 30))
    assert decision.verdict is Verdict.NOT_YET_IN_FORCE
    assert decision.changes_on == IN_FORCE
    assert (decision.min_fine, decision.max_fine) == (None, None)


def test_the_regulation_governs_from_its_first_day() -> None:
    assert judge("38-3", "1000.00", act_from=IN_FORCE, act_to=IN_FORCE).allowed


def test_an_act_across_the_first_day_must_be_split() -> None:
    decision = judge("38-3", "1000.00", act_from=date(2021, 1, 1), act_to=date(2021, 10, 31))
    assert decision.verdict is Verdict.STRADDLES_CHANGE
    assert decision.changes_on == IN_FORCE
    day_before = judge("38-3", "1000.00", act_from=date(2021, 4, 30), act_to=IN_FORCE)
    assert day_before.verdict is Verdict.STRADDLES_CHANGE


def test_fraud_before_the_regulation_falls_under_the_social_insurance_law() -> None:
    early = {"act_from": date(2021, 1, 1), "act_to": date(2021, 4, 30)}
    assert judge("40-3", "2000.00", **early).verdict is Verdict.NOT_YET_IN_FORCE
    assert judge("SIL-87", "2000.00", **early).allowed
    in_2020 = [article.code for article in articles_on(date(2020, 6, 1), Subject.INSTITUTION)]
    assert in_2020 == ["SIL-87", "SAM-68"]


def test_refusal_quotes_the_article_in_both_languages() -> None:
    article = judge("38-3", "2000.01").article
    assert article is not None
    assert article.quote.in_language("zh-hans").endswith(
        "：（三）重复收费、超标准收费、分解项目收费；"
    )
    assert "处造成损失金额1倍以上2倍以下的罚款" in article.quote.zh
    assert "1 to 2 times the loss" in article.quote.in_language("en-gb")
    assert article.law.zh == "医疗保障基金使用监督管理条例（国务院令第735号）"


def test_every_article_has_both_languages_and_a_binding() -> None:
    for code, wordings in articles().items():
        for article in wordings:
            assert article.code == code
            assert article.subjects
            for text in (article.law, article.title, article.quote):
                assert text.zh.strip()
                assert text.en.strip()
    assert [code for code in articles() if code.startswith("38-")] == [
        f"38-{n}" for n in range(1, 8)
    ]


AMENDED = """
laws: {law: {zh: 法, en: Law}}
groups:
  - {article: "1", law: law, starts_on: 2020-01-01, ends_on: %s, subjects: [institution],
     fine: {kind: multiple, low: 1, high: 2, duty: mandatory}, lead: {zh: 旧, en: old},
     items: [{code: "1", title: {zh: 旧, en: old}, text: {zh: "", en: ""}}]}
  - {article: "1", law: law, starts_on: 2024-01-01, subjects: [institution],
     fine: {kind: multiple, low: 1, high: 3, duty: mandatory}, lead: {zh: 新, en: new},
     items: [{code: "1", title: {zh: 新, en: new}, text: {zh: "", en: ""}}]}
"""


def test_an_amendment_is_a_new_dated_row(monkeypatch: pytest.MonkeyPatch) -> None:
    amended = read_articles(AMENDED % "2023-12-31")
    monkeypatch.setattr("supervision.statutes.fines.articles", lambda: amended)
    old = governing_article("1", date(2023, 1, 1), date(2023, 12, 31))
    new = governing_article("1", date(2024, 1, 1), date(2024, 1, 1))
    assert isinstance(old, Article)
    assert isinstance(new, Article)
    assert (old.fine.high, new.fine.high) == (2, 3)
    both = governing_article("1", date(2023, 12, 31), date(2024, 1, 1))
    assert isinstance(both, Decision)
    assert both.changes_on == date(2024, 1, 1)


def test_two_wordings_on_one_day_are_refused_when_reading() -> None:
    with pytest.raises(StatuteError, match="1 has two wordings on 2024-01-01"):
        read_articles(AMENDED % "2024-01-01")


def test_impossible_input_is_an_error_not_an_answer() -> None:
    with pytest.raises(ValueError, match="negative"):
        judge("38-3", "-0.01")
    with pytest.raises(ValueError, match="negative"):
        judge("38-3", "1.00", act_from=date(2022, 2, 2), act_to=date(2022, 2, 1))
