"""Importing institutions: kinds, levels, parents, agreements, and what is refused."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from enrollment.institutions.columns import COLUMNS
from enrollment.institutions.imports import InstitutionImport, import_institutions
from enrollment.institutions.models import Agreement, Institution
from enrollment.tests.factories import COUNTY, TOWNSHIP, make_bureau, make_institution
from enrollment.tests.roll_files import write_csv, write_xlsx

ZH = {column.key: column.title for column in COLUMNS}
HOSPITAL = {
    "code": "H43312700001",
    "name": "县第一医院",
    "credit_code": "91350100M000100Y43",
    "kind": "医院",
    "level": "县级",
    "division": "灵溪镇",
    "agreement_from": "2026-01-01",
    "agreement_to": "2026-12-31",
    "account_no": "6222026000001234",
}
BRANCH = {
    "code": "H43312700002",
    "name": "县第一医院分院",
    "kind": "医院",
    "level": "township",
    "division": COUNTY,
    "parent": "H43312700001",
}
CLINIC = {"code": "H43312700000", "name": "司城村卫生室", "kind": "村卫生室", "division": "司城村"}


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()


def load(tmp_path: Path, rows: list[dict[str, str]], **options: Any) -> InstitutionImport:
    return import_institutions(
        write_csv(tmp_path / "i.csv", rows, keys=ZH, headers=ZH),
        rejects_to=tmp_path / "rejects.csv",
        **options,
    )


def rejected(tmp_path: Path) -> list[list[str]]:
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row[:2] for row in list(csv.reader(stream))[1:]]


def counts(result: InstitutionImport) -> tuple[int, ...]:
    return (result.read, result.created, result.updated, result.unchanged, result.rejected)


def stored() -> list[Any]:
    return [
        *Institution.objects.order_by("code").values_list(),
        *Agreement.objects.order_by("id").values_list(),
    ]


def test_institutions_parents_and_agreements_are_imported_in_any_order(tmp_path: Path) -> None:
    assert counts(load(tmp_path, [BRANCH, CLINIC, HOSPITAL])) == (3, 3, 0, 0, 0)
    clinic, hospital, branch = Institution.objects.order_by("code")
    assert (hospital.kind, hospital.level, hospital.in_county) == ("hospital", "county", True)
    assert (hospital.division_id, hospital.account_no) == (TOWNSHIP, "6222026000001234")
    assert hospital.account_name == "县第一医院"
    assert (branch.parent, branch.level) == (hospital, "township")
    assert (clinic.kind, clinic.level) == ("village_clinic", "township")
    agreement = Agreement.objects.get()
    assert (agreement.institution, agreement.starts_on, agreement.ends_on) == (
        hospital,
        date(2026, 1, 1),
        date(2026, 12, 31),
    )


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, [BRANCH, CLINIC, HOSPITAL])
    before = stored()
    assert counts(load(tmp_path, [HOSPITAL, CLINIC, BRANCH])) == (3, 0, 0, 3, 0)
    assert stored() == before


def test_a_workbook_and_english_words_are_read(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        **HOSPITAL,
        "kind": "hospital",
        "level": "county",
        "agreement_from": date(2026, 1, 1),
    }
    path = write_xlsx(tmp_path / "i.xlsx", [row], keys=ZH, headers={})
    assert counts(import_institutions(path)) == (1, 1, 0, 0, 0)
    assert Agreement.objects.get().starts_on == date(2026, 1, 1)


def test_changes_and_a_further_agreement_are_updates(tmp_path: Path) -> None:
    load(tmp_path, [HOSPITAL, CLINIC])
    later = {**HOSPITAL, "agreement_from": "2027-01-01", "agreement_to": "2027-12-31"}
    renamed = {**CLINIC, "name": "司城村第一卫生室"}
    assert counts(load(tmp_path, [HOSPITAL, later, renamed])) == (3, 0, 2, 1, 0)
    assert Agreement.objects.count() == 2
    assert Institution.objects.get(code="H43312700000").name == "司城村第一卫生室"


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    load(tmp_path, [HOSPITAL])
    before = stored()
    bare = {key: HOSPITAL[key] for key in ("code", "name", "kind")}
    assert counts(load(tmp_path, [bare])) == (1, 0, 0, 1, 0)
    assert stored() == before


def test_the_refusal_names_the_form_of_a_code_and_what_is_on_record_stays(tmp_path: Path) -> None:
    with translation.override("en"):
        load(tmp_path, [{**HOSPITAL, "code": "H4331"}])
    said = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "H (medical institution) or P (pharmacy) and 11 digits" in said
    make_institution(code="H4331", name="旧名", agreement=None)
    assert counts(load(tmp_path, [{**HOSPITAL, "code": "h4331"}])) == (1, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("code", "in_county", "division"),
    [
        ("433127", True, COUNTY),
        ("433100000000", False, "433100000000"),
        ("430000", False, "430000000000"),
        ("430100", False, None),
    ],
)
def test_inside_the_county_is_a_question_of_the_division(
    tmp_path: Path, code: str, in_county: bool, division: str | None
) -> None:
    result = load(tmp_path, [{**HOSPITAL, "division": code}])
    hospital = Institution.objects.get()
    assert (hospital.in_county, hospital.division_id) == (in_county, division)
    assert len(result.warnings) == (division is None)


@pytest.mark.parametrize(
    ("key", "text", "column"),
    [
        ("code", "", "机构编码"),
        ("code", "H 4331", "机构编码"),
        ("code", "4.33E+11", "机构编码"),
        ("code", "H" * 21, "机构编码"),
        ("code", "H4331", "机构编码"),
        ("code", "D43312700001", "机构编码"),
        ("name", "", "机构名称"),
        ("name", "医" * 121, "机构名称"),
        ("credit_code", "91350100M000100Y44", "统一社会信用代码"),
        ("kind", "", "类别"),
        ("kind", "诊所", "类别"),
        ("level", "三级甲等", "级别"),
        ("division", "433127999", "行政区划"),
        ("division", "不存在", "行政区划"),
        ("parent", "H99999999999", "上级机构"),
        ("parent", "H43312700001", "上级机构"),
        ("agreement_from", "", "协议起"),
        ("agreement_to", "", "协议止"),
        ("agreement_to", "2025-12-31", "协议止"),
        ("agreement_to", "2026-02-30", "协议止"),
        ("account_no", "6.222E+15", "银行账号"),
        ("account_name", "名" * 121, "开户名"),
    ],
)
def test_a_bad_row_is_rejected_and_nothing_of_it_stays(
    tmp_path: Path, key: str, text: str, column: str
) -> None:
    assert counts(load(tmp_path, [CLINIC, {**HOSPITAL, key: text}])) == (2, 1, 0, 0, 1)
    assert rejected(tmp_path) == [["3", column]]
    assert [one.code for one in Institution.objects.all()] == ["H43312700000"]
    assert not Agreement.objects.exists()


def test_an_empty_kind_is_called_empty(tmp_path: Path) -> None:
    load(tmp_path, [{**HOSPITAL, "kind": ""}])
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "单元格为空" in text


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-31", "2027-12-31"), ("2025-01-01", "2026-01-01"), ("2026-03-01", "2026-03-31")],
)
def test_an_overlapping_agreement_is_rejected(tmp_path: Path, first: str, last: str) -> None:
    load(tmp_path, [HOSPITAL])
    before = stored()
    row = {**HOSPITAL, "name": "改名", "agreement_from": first, "agreement_to": last}
    assert counts(load(tmp_path, [row])) == (1, 0, 0, 0, 1)
    assert rejected(tmp_path) == [["2", "协议起"]]
    assert stored() == before
    assert counts(load(tmp_path, [{**row, "name": HOSPITAL["name"]}, HOSPITAL])) == (2, 0, 0, 1, 1)


def test_two_rows_that_contradict_each_other_and_circles_are_rejected(tmp_path: Path) -> None:
    other = {**HOSPITAL, "name": "别的名称"}
    circle = [
        {**CLINIC, "parent": "H43312700009"},
        {**CLINIC, "code": "H43312700009", "parent": "H43312700000"},
    ]
    assert counts(load(tmp_path, [HOSPITAL, other, *circle])) == (4, 1, 0, 0, 3)
    assert rejected(tmp_path) == [["3", "机构编码"], ["4", "上级机构"], ["5", "上级机构"]]
    load(tmp_path, [CLINIC, {**CLINIC, "code": "H43312700009", "parent": "H43312700000"}])
    assert counts(load(tmp_path, [{**CLINIC, "parent": "H43312700009"}])) == (1, 0, 0, 0, 1)


def test_a_dry_run_writes_nothing_and_the_command_prints_the_contract(tmp_path: Path) -> None:
    before = stored()
    path = write_csv(tmp_path / "i.csv", [HOSPITAL], keys=ZH, headers=ZH)
    out = io.StringIO()
    call_command("import_institutions", str(path), dry_run=True, stdout=out)
    printed = json.loads(out.getvalue())
    assert list(printed) == ["read", "created", "updated", "unchanged", "rejected", "seconds"]
    assert printed["created"] == 1
    assert stored() == before


def test_divisions_are_loaded_once_and_corrected(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    text = (
        "code,name,level,parent_code\n650000000000,甲省,province,\n"
        "650100000000,乙市,city,650000000000\n650102000000,丙区,county,650100000000\n"
        "650102001000,丁镇,township,650102000000\n650103000000,戊区,county,650100000000\n"
    )

    def run(root: str) -> dict[str, int]:
        out = io.StringIO()
        call_command("load_divisions", str(path), root=root, stdout=out)
        loaded: dict[str, int] = json.loads(out.getvalue())
        return loaded

    path.write_text(text, encoding="utf-8")
    assert run("650102") == {"created": 4, "updated": 0, "unchanged": 0}
    assert run("650102000000") == {"created": 0, "updated": 0, "unchanged": 4}
    path.write_text(text.replace("丁镇", "丁街道"), encoding="utf-8")
    assert run("650102") == {"created": 0, "updated": 1, "unchanged": 3}


@pytest.mark.parametrize("root", ["65", "650199", "六五零一零二", "6501020000001", ""])
def test_a_region_that_is_not_listed_is_refused(tmp_path: Path, root: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text("code,name,level,parent_code\n650000000000,甲省,province,\n", encoding="utf-8")
    with pytest.raises(Exception, match=r".") as refused:
        call_command("load_divisions", str(path), root=root)
    assert getattr(refused.value, "returncode", None) == 2
