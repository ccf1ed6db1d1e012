"""`manage.py quote`: the contract's answers, and a clear error for everything else."""

import json
import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from claims.benefit.loading import shipped_schemes
from claims.benefit.messages import MESSAGES
from claims.quoting.answering import answer_line
from claims.quoting.lines import physical_lines
from enrollment.console.commands import Refusal

STAY = {
    "id": "a",
    "kind": "inpatient",
    "discharged_on": "2023-05-01",
    "institution": {"level": "county", "in_county": True, "designated": True},
    "filing": "none",
    "total": "10000.00",
    "excluded": "600.00",
    "over_limit": "0.00",
    "first_self_pay": "200.00",
}


def line(*claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"scheme": "yongshun-resident", "person": {}, "claims": list(claims), **more}


def stay(**changed: Any) -> dict[str, Any]:
    return line({**STAY, **changed})


def quote(tmp_path: Path, *lines: object, args: tuple[str, ...] = ()) -> tuple[list[Any], int]:
    file = tmp_path / "in.jsonl"
    file.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines))
    out, status = StringIO(), 0
    try:
        call_command("quote", str(file), *args, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return [json.loads(text) for text in out.getvalue().splitlines()], status


def error_of(data: object, lang: str = "zh") -> dict[str, Any]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    answer, refused = answer_line(7, raw, shipped_schemes(), lang)
    assert refused, answer
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"line", "field", "message"}
    assert answer["error"]["line"] == 7
    json.dumps(answer, ensure_ascii=False).encode()
    return answer["error"]  # type: ignore[no-any-return]


def test_the_county_stay_as_the_contract_prints_it(tmp_path: Path) -> None:
    answers, status = quote(tmp_path, line(STAY), args=("--lang", "en"))
    assert status == 0
    (answer,) = answers
    claim = answer["claims"][0]
    steps = [layer.pop("steps") for layer in claim["layers"]]
    policy = "yongshun-resident@0001-01-01"
    assert answer == {
        "scheme": "yongshun-resident",
        "claims": [
            {
                "id": "a",
                "year": 2023,
                "in_policy": "9200.00",
                "layers": [
                    {"layer": "basic", "policy": policy, "paid": "6525.00"},
                    {"layer": "critical_illness", "policy": policy, "paid": "0.00"},
                    {"layer": "medical_aid", "policy": policy, "paid": "0.00"},
                ],
                "paid": "6525.00",
                "personal": "3475.00",
            }
        ],
    }
    assert steps[0][-1] == {
        "text": "Inpatient: 8,700.00 after the deductible × 75% = 6,525.00",
        "amount": "6525.00",
    }
    assert [set(step) for layer in steps for step in layer] == [{"text", "amount"}] * 6


def test_defaults_may_be_left_out(tmp_path: Path) -> None:
    claim = {
        "id": "a",
        "kind": "special_outpatient",
        "discharged_on": "2023-05-01",
        "total": 100,
    }
    answers, status = quote(tmp_path, {"scheme": "yongshun-resident", "claims": [claim]})
    assert status == 0
    assert answers[0]["claims"][0]["paid"] == "70.00"


@pytest.mark.parametrize("written", ['"100.5"', "100.5", '"100.50"', "100.50"])
def test_amounts_are_exact_as_text_or_number(written: str, tmp_path: Path) -> None:
    text = json.dumps(stay(total="X", excluded="0", first_self_pay="0")).replace('"X"', written)
    answers, _ = quote(tmp_path, text)
    assert answers[0]["claims"][0]["in_policy"] == "100.50"


def test_errors_stand_in_their_place_and_lines_count_from_one(tmp_path: Path) -> None:
    answers, status = quote(tmp_path, line(STAY), "", "  ", "no", stay(total="x"), line(STAY))
    assert status == 1
    assert [set(answer) for answer in answers] == [
        {"scheme", "claims"},
        {"error"},
        {"error"},
        {"scheme", "claims"},
    ]
    assert [a["error"]["line"] for a in answers[1:3]] == [4, 5]
    assert [a["error"]["field"] for a in answers[1:3]] == ["$", "claims[0].total"]


def test_claims_come_in_the_order_of_calculation(tmp_path: Path) -> None:
    claims = [
        {**STAY, "id": name, "discharged_on": on}
        for name, on in [("z", "2023-05-02"), ("b", "2023-05-01"), ("B", "2023-05-01")]
    ]
    answers, _ = quote(tmp_path, line(*claims))
    assert [claim["id"] for claim in answers[0]["claims"]] == ["B", "b", "z"]


@pytest.mark.parametrize("scheme", sorted(shipped_schemes()))
def test_designated_changes_nothing(scheme: str, tmp_path: Path) -> None:
    answers = []
    for designated in (True, False):
        institution = {"level": "county", "in_county": True, "designated": designated}
        claim = {**STAY, "institution": institution, "total": "90000.00"}
        answers.append(quote(tmp_path, line(claim, scheme=scheme)))
    assert answers[0] == answers[1]
    assert answers[0][1] == 0


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (stay(excluded="9800.01"), "claims[0].total", "政策范围内费用为负"),
    (stay(already_paid={"poverty": "10000.01"}), "claims[0].already_paid", "超过总费用"),
    (stay(already_paid={"basic": "0.01"}), "claims[0].already_paid.basic", "由本方案计算"),
    (
        stay(already_paid={"critical_illness": "1"}),
        "claims[0].already_paid.critical_illness",
        "由本方案计算",
    ),
    (stay(already_paid={"medical_aid": "1"}), "claims[0].already_paid.medical_aid", "由本方案"),
    (stay(already_paid={"poverty": "4000.00"}), "claims[0].already_paid", "人工核对"),
    (stay(total="100.001"), "claims[0].total", "超过两位"),
    (stay(total="100.000"), "claims[0].total", "超过两位"),
    (stay(total="-1"), "claims[0].total", "不能为负数"),
    (stay(chronic=True), "claims[0].chronic", "普通门诊"),
    (line(STAY, STAY), "claims[1].id", "重复"),
    ({**line(STAY), "scheme": "elsewhere"}, "scheme", "yongshun-resident"),
    ({**line(STAY), "person": {"assistance": ["rich"]}}, "person.assistance[0]", "extremely_poor"),
    ({**line(STAY), "extra": 1}, "extra", "删去"),
    (line({**STAY, "totl": "1"}), "claims[0].totl", "total"),
    (stay(already_paid={"charity": "1"}), "claims[0].already_paid.charity", "poverty"),
    (stay(kind="dental"), "claims[0].kind", "special_outpatient"),
    (stay(filing="maybe"), "claims[0].filing", "unfiled"),
    (
        stay(institution={"level": "national", "in_county": True}),
        "claims[0].institution.level",
        "province",
    ),
    (stay(institution={"level": "county"}), "claims[0].institution.in_county", "补填"),
    (stay(institution=None), "claims[0].institution", "补填"),
    ({"scheme": "yongshun-resident"}, "claims", "补填"),
    ({"claims": []}, "scheme", "补填"),
    (stay(discharged_on="2022-02-30"), "claims[0].discharged_on", "2022-05-01"),
]


@pytest.mark.parametrize(("data", "field", "words"), REFUSED)
def test_the_contracts_refusals_name_the_field_and_the_remedy(
    data: dict[str, Any], field: str, words: str
) -> None:
    error = error_of(data)
    assert error["field"] == field
    assert words in error["message"]
    english = error_of(data, "en")
    assert english["field"] == field
    assert not any("\u4e00" <= c <= "\u9fff" for c in english["message"])


@pytest.mark.parametrize("key", ["id", "kind", "discharged_on", "total"])
def test_required_keys(key: str) -> None:
    claim = {name: value for name, value in STAY.items() if name != key}
    assert error_of(line(claim))["field"] == f"claims[0].{key}"


BAD_AMOUNTS: list[object] = [
    "", " ", "abc", "1,000.00", "1e5", "1E+5", "NaN", "Infinity", "-Infinity", "+1", "--1", "1.",
    ".5", "0x10", "1_000", "１２３", "¥1", "1 000", " 1", "1 ", "1\n", "1\u0000", "\u202e1",
    "12345678901234", "9" * 5000, "1.5.5", "-0.001", "1/2", "十", True, False, None, [], {}, ["1"],
    {"a": "1"}, [[]], "०", "1.०", "-", "1e400", "0.1e1", "\ud800", "=1+1", "#REF!", "1%",
]  # fmt: skip
BAD_DATES: list[object] = [
    "", "2022", "2022-5-1", "20220501", "2022-W05-1", "2022-02-30", "2023-02-29", "2022-13-01",
    "2022-00-10", "2022-01-00", "0000-01-01", "01.05.2022", "2022/05/01", "2022-05-01T00:00:00",
    " 2022-05-01", "2022-05-01 ", "２０２２-05-01", "三月一日", "114-05-01", "2022-05-01\n",
    20220501, 44682, True, None, [], {}, "-2022-05-01", "+2022-05-01", "12022-05-01", "today",
]  # fmt: skip
BAD_IDS: list[object] = ["", " ", "\t", "a\u0000", "a\nb", "\ud800", "\x7f", 1, None, [], {}, True]
BAD_CODES: list[object] = ["", "INPATIENT", " inpatient", 1, None, [], {}, True, "住院", "\ud800"]
BAD_BOOLEANS: list[object] = ["true", "false", 0, 1, None, [], {}, "", "是", "yes"]
BAD_OBJECTS: list[object] = [None, [], "x", 1, True, ["level"]]


def malformed() -> list[Any]:
    found: list[tuple[object, str]] = []
    for key in ("total", "excluded", "over_limit", "first_self_pay"):
        found += [(stay(**{key: bad}), f"claims[0].{key}") for bad in BAD_AMOUNTS]
    found += [
        (stay(already_paid={"poverty": bad}), "claims[0].already_paid.poverty")
        for bad in BAD_AMOUNTS
    ]
    found += [(stay(discharged_on=bad), "claims[0].discharged_on") for bad in BAD_DATES]
    found += [(stay(id=bad), "claims[0].id") for bad in BAD_IDS]
    for key in ("kind", "filing"):
        found += [(stay(**{key: bad}), f"claims[0].{key}") for bad in BAD_CODES]
    for bad in BAD_CODES:
        found.append(
            (
                stay(institution={"level": bad, "in_county": True}),
                "claims[0].institution.level",
            )
        )
        found.append((line(STAY, person={"assistance": [bad]}), "person.assistance[0]"))
        found.append((line(STAY, scheme=bad), "scheme"))
    for bad in BAD_BOOLEANS:
        found.append((stay(chronic=bad), "claims[0].chronic"))
        for key in ("in_county", "designated"):
            institution = {"level": "county", "in_county": True, key: bad}
            found.append((stay(institution=institution), f"claims[0].institution.{key}"))
    found += [(stay(institution=bad), "claims[0].institution") for bad in BAD_OBJECTS]
    found += [(stay(already_paid=bad), "claims[0].already_paid") for bad in BAD_OBJECTS]
    found += [(line(STAY, person=bad), "person") for bad in BAD_OBJECTS]
    found += [({**line(), "claims": [bad]}, "claims[0]") for bad in BAD_OBJECTS]
    found += [({**line(), "claims": bad}, "claims") for bad in (None, {}, "x", 1, True)]
    found += [
        (line(STAY, person={"assistance": bad}), "person.assistance")
        for bad in (None, {}, "low_income", 1, True)
    ]
    return [pytest.param(data, field, id=f"{field} {n}") for n, (data, field) in enumerate(found)]


@pytest.mark.parametrize(("data", "field"), malformed())
def test_malformed_values_are_refused_at_their_field(data: object, field: str) -> None:
    assert error_of(data)["field"] == field
    assert error_of(data, "en")["field"] == field


BAD_LINES = [
    b"{", b"}", b"nonsense", b"[]", b"null", b"1", b'"x"', b"{}{}", b'{"a":1,}', b"{'a':1}",
    b"\x00", b'{"scheme": "\x00"}', b"\xff\xfe{\x00}\x00", b'{"scheme": "\xe6\xb0"}', b"NaN",
    "\ufeff\ufeff{}".encode(), b"[" * 100_000, b'{"a":' * 100_000, b"{}\x1a",
    b'{"scheme":"yongshun-resident","scheme":"yongshun-resident","claims":[]}',
    '{"scheme":"永顺"'.encode("gb18030"), b'{"a": 1 // x\n}', b"-", b"--{}", b"PK\x03\x04",
]  # fmt: skip


@pytest.mark.parametrize("raw", BAD_LINES, ids=lambda raw: repr(raw[:20]))
def test_lines_that_are_no_object_are_refused_whole(raw: bytes) -> None:
    assert error_of(raw)["field"] == "$"


@pytest.mark.parametrize("depth", range(100, 1000, 100))
def test_deep_nesting_is_refused_at_its_field_or_whole(depth: int) -> None:
    raw = json.dumps(stay(total="X")).replace('"X"', "[" * depth + "]" * depth).encode()
    assert error_of(raw)["field"] in ("claims[0].total", "$")


def test_more_than_two_hundred_malformed_inputs_are_tried() -> None:
    assert len(malformed()) + len(BAD_LINES) + len(REFUSED) > 400


@pytest.mark.parametrize("reason", sorted(MESSAGES))
def test_every_message_exists_in_both_languages(reason: str) -> None:
    message = MESSAGES[reason]
    assert any("\u4e00" <= c <= "\u9fff" for c in message.zh)
    assert not any("\u4e00" <= c <= "\u9fff" for c in message.en)


def test_lines_are_read_one_by_one_with_a_limit() -> None:
    stream = BytesIO(b"\xef\xbb\xbf{}\r\n\n" + b"x" * 50 + b"\n{}")
    assert list(physical_lines(stream, limit=20)) == [(1, b"{}\r\n"), (3, None), (4, b"{}")]
    assert error_of_none() == "$"


def error_of_none() -> str:
    answer, _ = answer_line(1, None, shipped_schemes(), "zh")
    return str(answer["error"]["field"])


@pytest.mark.parametrize("file", ["missing.jsonl", ".", "bad\x00name"])
def test_a_file_that_cannot_be_read_is_refused(file: str, tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(Refusal) as refusal:
        call_command("quote", str(tmp_path / file), stdout=out)
    assert refusal.value.returncode == 2
    assert out.getvalue() == ""


def test_the_command_needs_no_database_and_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "quote", "-", "--lang", "en"],
        input=(json.dumps(line(STAY)) + "\nnonsense\n").encode(),
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    answers = [json.loads(text) for text in done.stdout.decode().splitlines()]
    assert answers[0]["claims"][0]["paid"] == "6525.00"
    assert answers[1]["error"]["line"] == 2
