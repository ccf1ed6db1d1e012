"""Schemes as data: dated rows, sources, and errors that name file, place and remedy."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from claims.benefit.loading import SHIPPED, load_schemes, parse_scheme, shipped_schemes
from claims.benefit.parameters import ALWAYS, SchemeError
from claims.benefit.scheme import NOTHING_PAID
from claims.benefit.types import PAYERS
from enrollment.console.commands import Refusal

YONGSHUN = SHIPPED / "yongshun-resident.yaml"


def data() -> dict[str, Any]:
    return yaml.safe_load(YONGSHUN.read_text())  # type: ignore[no-any-return]


def put(value: object, *path: str | int) -> dict[str, Any]:
    """The shipped data with one place changed."""
    changed = data()
    spot: Any = changed
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return changed


BASIC = ("layers", 0, "parameters")
CRITICAL = ("layers", 1, "parameters")


def test_every_shipped_file_holds_the_scheme_of_its_name() -> None:
    schemes = shipped_schemes()
    assert sorted(schemes) == sorted(file.stem for file in SHIPPED.glob("*.yaml"))
    for scheme in schemes.values():
        for layer in scheme.layers:
            assert layer.payer in PAYERS
            for series in layer.series.values():
                for row in series.rows:
                    assert row.source.document.zh
                    assert row.source.article.en


def test_yongshun_pays_from_three_purses_and_nothing_is_confirmed_yet() -> None:
    scheme = shipped_schemes()["yongshun-resident"]
    assert [(layer.code, layer.payer) for layer in scheme.layers] == [
        ("basic", "fund"),
        ("critical_illness", "critical_insurer"),
        ("medical_aid", "medical_aid"),
    ]
    assert scheme.counters == (
        "basic.deductible",
        "basic.paid",
        "basic.outpatient",
        "basic.hypertension",
        "basic.diabetes",
        "basic.two_diseases",
        "basic.maternity",
        "critical_illness.base",
        "critical_illness.paid",
        "medical_aid.paid",
    )
    rows = [row for layer in scheme.layers for s in layer.series.values() for row in s.rows]
    assert not any(row.confirmed for row in rows)
    assert all(row.starts_on == ALWAYS for row in rows)


def test_a_new_row_holds_from_its_first_day_and_names_the_policy() -> None:
    rows = data()["layers"][0]["parameters"]["special_rate"]
    rows.append({"value": "0.75", "starts_on": date(2024, 7, 1), "source": "outpatient"})
    scheme = parse_scheme(put(rows, *BASIC, "special_rate"))
    got = {}
    for day in (date(2024, 6, 30), date(2024, 7, 1)):
        rules = scheme.rules(day, "special_outpatient", None, None)
        paid, _, _ = rules.settle((10_000, 0, 0, 0), NOTHING_PAID, scheme.zeros())
        got[day.isoformat()] = (paid[0], rules.policies)
    before = "yongshun-resident@0001-01-01"
    assert got == {
        "2024-06-30": (7_000, (before, before, before)),
        "2024-07-01": (7_500, ("yongshun-resident@2024-07-01", before, before)),
    }
    # Inpatients do not use that row: their policy stays.
    stay = scheme.rules(date(2024, 7, 1), "inpatient", "county", True)
    assert stay.policies == (before, before, before)


def test_a_row_without_value_ends_what_held_before() -> None:
    rows = data()["layers"][1]["parameters"]["favours"]
    rows.append({"value": None, "starts_on": "2024-01-01", "source": "critical-illness"})
    scheme = parse_scheme(put(rows, *CRITICAL, "favours"))
    paid = []
    for day in (date(2023, 12, 31), date(2024, 1, 1)):
        rules = scheme.rules(
            day, "special_outpatient", None, None, identities=frozenset({"at_risk"})
        )
        paid.append(rules.settle((25_000_000, 0, 0, 0), NOTHING_PAID, scheme.zeros())[0][1])
    assert paid == [6_610_000, 5_725_000]


ROW = {"source": "inpatient"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    (put(0.7, *BASIC, "special_rate", 0, "value"), f"{'layers[0].parameters'}.special_rate[0]",
     "in quotes"),
    (put("70", *BASIC, "special_rate", 0, "value"), "special_rate[0].value", "'0.75'"),
    (put("-1.00", *BASIC, "year_ceiling", 0, "value"), "year_ceiling[0].value", "negative"),
    (put("1.005", *BASIC, "year_ceiling", 0, "value"), "year_ceiling[0].value", "2 decimals"),
    (put({"village": "1"}, *BASIC, "inpatient_rate", 0, "value"), "value.village", "township"),
    (put("nowhere", *BASIC, "year_ceiling", 0, "source"), "year_ceiling[0].source", "off-area"),
    (put("soon", *BASIC, "year_ceiling", 0, "starts_on"), "starts_on", "2022-03-01"),
    (put("yes", *BASIC, "year_ceiling", 0, "confirmed"), "confirmed", "true or false"),
    (put([], *BASIC, "year_ceiling"), "parameters.year_ceiling", "at least one"),
    (put([{**ROW, "value": "1"}, {**ROW, "value": "2"}], *BASIC, "year_ceiling"),
     "year_ceiling[1].starts_on", "oldest to the newest"),
    (put([{"value": "1"}], *BASIC, "year_ceiling"), "year_ceiling[0]", "'source' is missing"),
    (put([], *BASIC, "year_celing"), "parameters.year_celing", "year_ceiling"),
    (put("treasure", "layers", 0, "payer"), "layers[0].payer", "county_treasury"),
    (put("magic", "layers", 0, "kind"), "layers[0].kind", "medical_aid"),
    (put("basic", "layers", 1, "code"), "layers[1].code", "twice"),
    (put("SOME", "layers", 1, "settings", "band_base"), "settings.band_base", "CUMULATIVE"),
    (put({}, "layers", 1, "settings"), "layers[1].settings", "band_base"),
    (put([{"rate": "0.5"}, {"rate": "0.6"}], *CRITICAL, "bands", 0, "value"), "value[1]", "ascend"),
    (put([{"upto": "2", "rate": "0.5"}, {"upto": "2", "rate": "0.6"}], *CRITICAL, "bands", 0,
         "value"), "value[1]", "ascend"),
    (put({"at_risk": {"points": "0.1"}, "low_income": {"unlimited": True}}, *CRITICAL, "favours",
         0, "value"), "favours[0].value", "better favour"),
    (put("永 顺", "code"), "scheme.code", "letters"),
    (put({"zh": "名"}, "name"), "scheme.name", "'en'"),
    ({}, "scheme", "'code' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "place", "remedy"), WRONG)
def test_errors_name_the_place_and_the_remedy(
    wrong: dict[str, Any], place: str, remedy: str
) -> None:
    with pytest.raises(SchemeError) as error:
        parse_scheme(wrong)
    assert place in error.value.path
    assert remedy in error.value.en
    assert any("\u4e00" <= c <= "\u9fff" for c in error.value.say("zh"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "is not YAML"),
        ("code: x\ncode: y\n", "given twice"),
        ("[]", "a mapping"),
        ("", "a mapping"),
        ("!!python/object:os.system {}", "is not YAML"),
        ("\x00", "is not YAML"),
    ],
)
def test_a_file_that_is_no_scheme_is_named(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    with pytest.raises(SchemeError, match=r"broken\.yaml") as error:
        load_schemes(file)
    assert words in str(error.value)


def test_quote_takes_another_set_and_refuses_a_broken_one(tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        '{"scheme": "elsewhere", "claims": [{"id": "a", "kind": "special_outpatient",'
        ' "discharged_on": "2023-05-01", "total": "100"}]}\n'
    )
    folder = tmp_path / "set"
    folder.mkdir()
    with pytest.raises(Refusal, match=r"没有 \.yaml 文件"):
        call_command("quote", str(lines), "--policies", str(folder), stdout=StringIO())
    file = folder / "a.yaml"
    file.write_text(yaml.safe_dump(put("elsewhere", "code"), allow_unicode=True))
    for policies in (folder, file):
        out = StringIO()
        call_command("quote", str(lines), "--policies", str(policies), stdout=out)
        assert '"paid": "70.00"' in out.getvalue()
    (folder / "b.yaml").write_text(file.read_text())
    out = StringIO()
    with pytest.raises(Refusal, match=r"a\.yaml 中已有，请保留一个") as refusal:
        call_command("quote", str(lines), "--policies", str(folder), stdout=out)
    assert refusal.value.returncode == 2
    assert out.getvalue() == ""


def test_a_missing_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        call_command(
            "quote",
            "-",
            "--lang",
            "en",
            "--policies",
            str(tmp_path / "none.yaml"),
            stdout=StringIO(),
        )
