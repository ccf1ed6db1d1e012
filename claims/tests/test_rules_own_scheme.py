"""The page that shows how a bureau adds a scheme: what stands there is what is run."""

import json
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from claims.benefit.loading import parse_scheme
from claims.benefit.parameters import SchemeError
from claims.benefit.scheme import NOTHING_PAID
from claims.benefit.types import ClaimRefused, PersonFacts
from enrollment.values.money import format_yuan

PAGE = Path(settings.BASE_DIR) / "docs" / "rules" / "a-scheme-of-ones-own.md"


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def data() -> dict[str, Any]:
    return yaml.safe_load(block("yaml"))  # type: ignore[no-any-return]


def shown(amount: str) -> str:
    return format_yuan(Decimal(amount))


def quoted(tmp_path: Path, lines: str) -> tuple[list[Any], int]:
    scheme, given, out, status = tmp_path / "lakeside.yaml", tmp_path / "in.jsonl", StringIO(), 0
    scheme.write_text(block("yaml"))
    given.write_text(lines)
    try:
        call_command("quote", str(given), "--policies", str(scheme), stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_the_page_pays_what_it_says(tmp_path: Path) -> None:
    answers, status = quoted(tmp_path, block("json"))
    rows = []
    for number, answer in enumerate(answers, 1):
        for claim in answer.get("claims", []):
            paid = [shown(layer["paid"]) for layer in claim["layers"]]
            policy = claim["layers"][0]["policy"].partition("@")[2]
            rows.append([str(number), claim["id"], *paid, shown(claim["personal"]), policy])
    told = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| \d", line)
    ]
    assert rows == told
    assert status == 1
    assert answers[2]["error"]["field"] == "person.born_on"


def test_the_page_refuses_the_kind_it_does_not_name(tmp_path: Path) -> None:
    birth = {"id": "a", "kind": "maternity", "discharged_on": "2025-09-01", "total": "1"}
    line = {"scheme": "lakeside-resident", "person": {"born_on": "2000-01-01"}, "claims": [birth]}
    answers, status = quoted(tmp_path, json.dumps(line))
    assert status == 1
    assert answers[0]["error"]["field"] == "claims[0].kind"
    assert "two_diseases" in answers[0]["error"]["message"]
    assert "maternity" not in answers[0]["error"]["message"].partition("可用")[2]


@pytest.mark.parametrize("bad", [None, "", "2007-02-29", "20070901", 2007, True, ["2007-09-01"]])
def test_a_birthday_that_is_none_is_refused(bad: object, tmp_path: Path) -> None:
    line = {"scheme": "lakeside-resident", "person": {"born_on": bad}, "claims": []}
    answers, status = quoted(tmp_path, json.dumps(line))
    assert (status, answers[0]["error"]["field"]) == (1, "person.born_on")


def test_without_a_birthday_no_claim_of_such_a_scheme_is_calculated() -> None:
    scheme = parse_scheme(data())
    with pytest.raises(ClaimRefused) as refused:
        scheme.rules(date(2025, 9, 1), "special_outpatient", None, None)
    assert (refused.value.reason, refused.value.field) == ("missing", "person.born_on")


def test_the_best_of_age_and_identity_counts_never_their_sum() -> None:
    scheme = parse_scheme(data())
    rules = scheme.rules(
        date(2025, 9, 1),
        "inpatient",
        "county",
        True,
        identities=frozenset({"low_income"}),
        born_on=date(2015, 1, 1),
    )
    paid, _, _ = rules.settle((1_040_000, 0, 0, 0), NOTHING_PAID, scheme.zeros())
    assert paid[0] == 850_000  # 75 + 10 points


def test_a_changed_age_is_a_new_policy_of_everybody() -> None:
    changed = data()
    groups = changed["layers"][0]["parameters"]["age_groups"]
    groups.append(
        {"value": {"child": {"under": 16}}, "starts_on": "2026-01-01", "source": "notice"}
    )
    scheme = parse_scheme(changed)
    got = {}
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        rules = scheme.rules(day, "inpatient", "county", True, born_on=date(2009, 6, 1))
        paid, _, _ = rules.settle((1_040_000, 0, 0, 0), NOTHING_PAID, scheme.zeros())
        got[day.isoformat()] = (paid[0], rules.policies[0].partition("@")[2])
    assert got == {"2025-12-31": (850_000, "2025-07-01"), "2026-01-01": (750_000, "2026-01-01")}


def test_ages_are_completed_years() -> None:
    person = PersonFacts(born_on=date(2007, 9, 2))
    assert [person.age_on(date(2025, 9, day)) for day in (1, 2, 3)] == [17, 18, 18]
    assert PersonFacts().age_on(date(2025, 9, 1)) is None


@pytest.mark.parametrize(
    ("groups", "place", "remedy"),
    [
        ({"toddler": {"under": 3}}, "age_groups[0].value.toddler", "child"),
        ({"child": {"under": "18"}}, "value.child.under", "whole number"),
        ({"child": {"under": 151}}, "value.child.under", "0 to 150"),
        ({"child": {"under": True}}, "value.child.under", "whole number"),
        ({"child": {"from": 18, "under": 18}}, "value.child", "below"),
        ({"elder": {"from": 60}}, "parameters.inpatient_points", "age_groups"),
    ],
)
def test_age_groups_that_make_no_sense_are_refused(
    groups: dict[str, Any], place: str, remedy: str
) -> None:
    wrong = data()
    wrong["layers"][0]["parameters"]["age_groups"][0]["value"] = groups
    with pytest.raises(SchemeError) as error:
        parse_scheme(wrong)
    assert place in error.value.path
    assert remedy in error.value.en
