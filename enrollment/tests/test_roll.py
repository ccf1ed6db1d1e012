"""The enrolment roll: what goes in, what is refused, what a second run changes."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from enrollment.coverage.models import Enrolment
from enrollment.residents.models import AccountChange, AssistanceIdentity, Household, Person
from enrollment.residents.selectors import find_persons
from enrollment.residents.services import correct_account
from enrollment.roll.services import RollImport, import_roll
from enrollment.roll.synthetic import synthetic_residents
from enrollment.tests.factories import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    enrol,
    make_bureau,
    make_divisions,
    make_identity,
    make_person,
    make_user,
)
from enrollment.tests.roll_files import LI, ZH, ZHANG, write_csv, write_xlsx
from enrollment.values.identifiers import IdError, check_digit, parse_resident_id
from enrollment.values.resident_ids import read_resident_id

AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()


def run(path: Path, year: int = 2026, **options: Any) -> RollImport:
    return import_roll(path, year, at=AT, **options)


def counts(result: RollImport) -> tuple[int, int, int, int, int]:
    return (result.read, result.created, result.updated, result.unchanged, result.rejected)


def snapshot() -> list[Any]:
    """Every row of the five tables, sealed values as they lie there."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for table in ("person", "household", "enrolment", "assistanceidentity", "accountchange"):
            cursor.execute(f"SELECT t::text FROM enrollment_{table} t ORDER BY 1")  # noqa: S608
            rows.append(cursor.fetchall())
    return rows


def rejected(tmp_path: Path, rows: list[dict[str, str]], **fields: Any) -> list[list[str]]:
    """Import and give the rejected rows as (row, column, reason, what to do)."""
    out = tmp_path / "rejects.csv"
    run(write_csv(tmp_path / "roll.csv", rows), rejects_to=out, **fields)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def check_golden(result: RollImport) -> None:
    assert counts(result) == (2, 2, 0, 0, 0)
    zhang, li = Person.objects.order_by("born_on")
    assert (zhang.id_number, zhang.name, zhang.sex) == (ZHANG["id_number"], "张三", "male")
    assert (zhang.born_on, zhang.division_id) == (date(1980, 5, 17), TOWNSHIP)
    assert (zhang.phone, zhang.account_no) == ("13800001234", "6222026000001234")
    assert (li.sex, li.account_name) == ("female", "李秀英")
    assert find_persons(LI["id_number"]) == [li]
    assert find_persons("002x") == [li]
    assert [h.number for h in Household.objects.all()] == ["H001"]
    assert zhang.household == li.household
    first, second = Enrolment.objects.order_by("id")
    assert (first.person, first.category, first.paid) == (zhang, "ordinary", Decimal("400.00"))
    assert (first.starts_on, first.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (second.person, second.category, second.paid) == (li, "low_income", Decimal("200.00"))
    assert second.paid_on == date(2025, 10, 8)
    identity = AssistanceIdentity.objects.get()
    assert (identity.person, identity.kind) == (li, "low_income")
    assert (identity.starts_on, identity.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roll_in_chinese_is_imported(tmp_path: Path, encoding: str) -> None:
    check_golden(run(write_csv(tmp_path / "r.csv", [ZHANG, LI], encoding=encoding)))


def test_a_roll_in_english_and_another_order_is_imported(tmp_path: Path) -> None:
    rows = [{**ZHANG, "category": "ordinary", "sex": "male"}, {**LI, "category": "low_income"}]
    path = write_csv(tmp_path / "r.csv", rows, keys=reversed(list(ZH)), headers={})
    check_golden(run(path))


def test_a_workbook_with_typed_cells_is_imported(tmp_path: Path) -> None:
    rows = [
        {**row, "born_on": date.fromisoformat(row["born_on"]), "paid": int(Decimal(row["paid"]))}
        for row in (ZHANG, LI)
    ]
    check_golden(run(write_xlsx(tmp_path / "r.xlsx", rows)))


def test_three_columns_are_enough(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG], keys=["id_number", "name", "division"])
    assert counts(run(path)) == (1, 1, 0, 0, 0)
    person = Person.objects.get()
    assert (person.phone, person.account_no, person.household) == ("", "", None)
    enrolment = Enrolment.objects.get()
    assert (enrolment.category, enrolment.paid, enrolment.paid_on) == ("ordinary", None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("433127116", TOWNSHIP),
        (TOWNSHIP, TOWNSHIP),
        ("灵溪镇", TOWNSHIP),
        ("司城村", VILLAGE),
        ("灵溪镇司城村", VILLAGE),
        (VILLAGE, VILLAGE),
    ],
)
def test_a_division_is_found_by_code_or_name(tmp_path: Path, text: str, code: str) -> None:
    run(write_csv(tmp_path / "r.csv", [{**ZHANG, "division": text}]))
    assert Person.objects.get().division_id == code


BAD: list[tuple[str, str, str]] = [
    ("id_number", "", "证件号码"),
    ("id_number", "433127198005170013", "证件号码"),
    ("id_number", "43312719800517001", "证件号码"),
    ("id_number", "4331271980051700122", "证件号码"),
    ("id_number", "433127800517001", "证件号码"),
    ("id_number", "4.33127E+17", "证件号码"),
    ("id_number", "433127198013170012", "证件号码"),
    ("id_number", "433127198002300014", "证件号码"),
    ("id_number", "43312717800517001" + check_digit("43312717800517001"), "证件号码"),
    ("id_number", "43312720270101001" + check_digit("43312720270101001"), "证件号码"),
    ("id_number", "43312719800517OO12", "证件号码"),
    ("id_number", "４３３127198005170013", "证件号码"),
    ("id_number", "护照E12345678", "证件号码"),
    ("id_number", "=B2", "证件号码"),
    ("id_number", "#N/A", "证件号码"),
    ("name", "", "姓名"),
    ("name", "\u3000", "姓名"),
    ("name", "张" * 61, "姓名"),
    ("name", "张\x00三", "姓名"),
    ("sex", "女", "性别"),
    ("sex", "1", "性别"),
    ("born_on", "1980-05-18", "出生日期"),
    ("born_on", "80-05-17", "出生日期"),
    ("born_on", "1980-02-30", "出生日期"),
    ("born_on", "民国69年5月17日", "出生日期"),
    ("division", "", "行政区划"),
    ("division", "永顺县", "行政区划"),
    ("division", "433127", "行政区划"),
    ("division", "430000000000", "行政区划"),
    ("division", "不存在的镇", "行政区划"),
    ("division", "433126116000", "行政区划"),
    ("household_no", "H" * 33, "户编号"),
    ("category", "职工", "人员类别"),
    ("category", "poor", "人员类别"),
    ("phone", "1.38E+10", "联系电话"),
    ("phone", "12345", "联系电话"),
    ("phone", "张三的手机", "联系电话"),
    ("account_no", "6.22203E+15", "银行账号"),
    ("account_no", "1234567", "银行账号"),
    ("account_no", "9" * 33, "银行账号"),
    ("account_name", "张" * 61, "开户名"),
    ("paid", "-1", "个人缴费"),
    ("paid", "400.001", "个人缴费"),
    ("paid", "四百", "个人缴费"),
    ("paid", "NaN", "个人缴费"),
    ("paid", "1e3", "个人缴费"),
    ("paid", "100000.01", "个人缴费"),
    ("paid", "99999999999999999999", "个人缴费"),
    ("paid_on", "2025-13-01", "缴费日期"),
    ("paid_on", "45942", "缴费日期"),
    ("paid_on", "2027-01-01", "缴费日期"),
    ("paid_on", "2023-12-31", "缴费日期"),
]


@pytest.mark.parametrize(("key", "text", "column"), BAD)
def test_a_bad_row_is_rejected_with_its_place_and_the_rest_imported(
    tmp_path: Path, key: str, text: str, column: str
) -> None:
    found = rejected(tmp_path, [{**ZHANG, key: text}, LI])
    assert [row[:2] for row in found] == [["2", column]]
    assert all(found[0])
    assert ZHANG["id_number"] not in "".join(found[0])
    assert [person.name for person in Person.objects.all()] == ["李秀英"]


def test_the_second_row_of_one_number_is_rejected(tmp_path: Path) -> None:
    found = rejected(tmp_path, [ZHANG, LI, {**ZHANG, "division": "首车镇"}])
    assert [row[:2] for row in found] == [["4", "证件号码"]]
    assert "2" in found[0][2]
    assert Person.objects.get(name="张三").division_id == TOWNSHIP


def test_an_ambiguous_village_needs_its_township(tmp_path: Path) -> None:
    make_divisions()[VILLAGE].__class__.objects.create(
        code="433127101201", name="司城村", level="village", parent_id=OTHER_TOWNSHIP
    )
    found = rejected(
        tmp_path, [{**ZHANG, "division": "司城村"}, {**LI, "division": "首车镇司城村"}]
    )
    assert [row[:2] for row in found] == [["2", "行政区划"]]
    assert Person.objects.get().division_id == "433127101201"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG, LI])
    run(path)
    before = snapshot()
    assert counts(run(path)) == (2, 0, 0, 2, 0)
    assert snapshot() == before


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    before = snapshot()
    out = tmp_path / "rejects.csv"
    path = write_csv(tmp_path / "r.csv", [ZHANG, {**LI, "paid": "x"}])
    assert counts(run(path, dry_run=True, rejects_to=out)) == (2, 1, 0, 0, 1)
    assert snapshot() == before
    assert out.exists()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("name", "张珊"),
        ("division", "灵溪镇司城村"),
        ("household_no", "H002"),
        ("category", "特困"),
        ("phone", "13900001234"),
        ("account_no", "6222026000009999"),
        ("account_name", "张三四"),
        ("paid", "380"),
        ("paid_on", "2025-11-01"),
    ],
)
def test_each_changed_cell_is_an_update_and_touches_only_its_row(
    tmp_path: Path, key: str, text: str
) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG, LI]))
    li = Person.objects.filter(name="李秀英").values_list()[0]
    changed = write_csv(tmp_path / "s.csv", [{**ZHANG, key: text}, LI])
    assert counts(run(changed)) == (2, 0, 1, 1, 0)
    assert Person.objects.filter(name="李秀英").values_list()[0] == li
    assert counts(run(changed)) == (2, 0, 0, 2, 0)
    person = Person.objects.select_related("household").get(pk=li[0] - 1)
    enrolment = person.enrolments.get()
    stored = {
        "name": person.name,
        "division": "灵溪镇司城村" if person.division_id == VILLAGE else "",
        "household_no": person.household.number if person.household else "",
        "category": {"extremely_poor": "特困"}.get(enrolment.category, ""),
        "phone": person.phone,
        "account_no": person.account_no,
        "account_name": person.account_name,
        "paid": f"{enrolment.paid:.0f}",
        "paid_on": str(enrolment.paid_on),
    }
    assert stored[key] == text


@pytest.mark.parametrize("key", ["household_no", "phone", "account_no", "paid", "paid_on"])
def test_an_empty_cell_says_nothing(tmp_path: Path, key: str) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG]))
    before = snapshot()
    assert counts(run(write_csv(tmp_path / "s.csv", [{**ZHANG, key: ""}]))) == (1, 0, 0, 1, 0)
    assert snapshot() == before


def test_an_account_corrected_at_the_window_survives_the_same_roll(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG])
    run(path)
    correct_account(
        Person.objects.get(),
        account_no="6222026000007777",
        account_name="张三",
        actor=make_user(["enrollment.correct_account"]),
        at=AT,
    )
    assert counts(run(path)) == (1, 0, 0, 1, 0)
    assert counts(run(path, 2027)) == (1, 1, 0, 0, 0)
    assert Person.objects.get().account_no == "6222026000007777"
    assert AccountChange.objects.count() == 1


def test_a_new_account_in_the_roll_is_logged(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG]))
    assert not AccountChange.objects.exists()
    run(write_csv(tmp_path / "s.csv", [{**ZHANG, "account_no": "6222026000008888"}]))
    change = AccountChange.objects.get()
    assert (change.old_account_no, change.new_account_no, change.actor, change.at) == (
        "6222026000001234",
        "6222026000008888",
        None,
        AT,
    )


def test_next_years_roll_enrols_again_and_lets_people_move(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG, LI]))
    moved = {**ZHANG, "division": "首车镇", "paid_on": "2026-10-01"}
    path = write_csv(tmp_path / "s.csv", [moved, {**LI, "paid_on": "2026-10-01"}])
    assert counts(run(path, 2027)) == (2, 2, 0, 0, 0)
    assert Person.objects.get(name="张三").division_id == OTHER_TOWNSHIP
    assert sorted(Enrolment.objects.values_list("year", flat=True)) == [2026, 2026, 2027, 2027]
    assert AssistanceIdentity.objects.count() == 2


def test_initials_come_with_the_name_and_change_with_it(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG, LI]))
    assert sorted(Person.objects.values_list("initials", flat=True)) == ["LXY", "ZS"]
    run(write_csv(tmp_path / "s.csv", [{**ZHANG, "name": "单三"}]))
    assert Person.objects.get(name="单三").initials == "DS CS SS"
    assert find_persons("SS") == [Person.objects.get(name="单三")]


def test_a_second_enrolment_of_the_year_in_another_township_is_rejected(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG]))
    before = snapshot()
    found = rejected(
        tmp_path, [{**ZHANG, "division": "首车镇", "household_no": "H9", "phone": "13900000000"}]
    )
    assert [row[:2] for row in found] == [["2", "行政区划"]]
    assert "灵溪镇" in found[0][2]
    assert snapshot() == before


def test_a_withdrawn_enrolment_does_not_hinder_a_new_one(tmp_path: Path) -> None:
    person = make_person(id_number=ZHANG["id_number"], name="张三")
    enrol(person, 2026, status="withdrawn")
    assert counts(run(write_csv(tmp_path / "r.csv", [ZHANG]))) == (1, 1, 0, 0, 0)
    assert person.enrolments.filter(status="active").count() == 1


def test_an_identity_that_a_clerk_has_dated_stays(tmp_path: Path) -> None:
    person = make_person(id_number=LI["id_number"], name="李秀英")
    dated = make_identity(person, starts_on=date(2025, 7, 1), ends_on=date(2026, 6, 30))
    run(write_csv(tmp_path / "r.csv", [LI]))
    assert list(person.identities.all()) == [dated]
    run(write_csv(tmp_path / "r.csv", [{**LI, "category": "特困"}]))
    assert sorted(person.identities.values_list("kind", flat=True)) == [
        "extremely_poor",
        "low_income",
    ]


def test_a_newborn_is_covered_from_birth(tmp_path: Path) -> None:
    body = "43312720260314001"
    row = {"id_number": body + check_digit(body), "name": "新生儿", "division": "灵溪镇"}
    run(write_csv(tmp_path / "r.csv", [row]))
    assert Enrolment.objects.get().starts_on == date(2026, 3, 14)


def test_the_command_prints_the_contract(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG, {**LI, "paid": "x"}], keys=[*ZH, "备注"])
    with pytest.raises(SystemExit) as ended:
        call_command("import_roll", str(path), year=2026)
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    printed = json.loads(out)
    assert list(printed) == ["read", "created", "updated", "unchanged", "rejected", "seconds"]
    assert (printed["read"], printed["created"], printed["rejected"]) == (2, 1, 1)
    assert "备注" in err
    stdout = io.StringIO()
    call_command("import_roll", str(write_csv(path, [ZHANG])), year=2026, stdout=stdout)
    assert json.loads(stdout.getvalue())["unchanged"] == 1


@pytest.mark.parametrize("year", [1999, 2101])
def test_an_impossible_year_is_refused(tmp_path: Path, year: int) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_roll", str(write_csv(tmp_path / "r.csv", [ZHANG])), year=year)
    assert refused.value.returncode == 2
    assert not Person.objects.exists()


def test_statements_do_not_grow_with_the_roll(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = [
        {
            "id_number": one.id_number,
            "name": one.name,
            "division": TOWNSHIP,
            "household_no": one.household_no,
            "category": one.category,
        }
        for one in synthetic_residents(1200, 5)
    ]
    path = write_csv(tmp_path / "r.csv", rows)
    with django_assert_max_num_queries(25):
        assert counts(run(path)) == (1200, 1200, 0, 0, 0)


@given(st.text(alphabet="0123456789Xx 年", max_size=20) | st.from_regex(r"433127[0-9]{11}[0-9Xx]"))
def test_the_quick_way_reads_numbers_as_the_rule_does(text: str) -> None:
    try:
        expected = parse_resident_id(text)
    except IdError as error:
        with pytest.raises(IdError) as raised:
            read_resident_id(text)
        assert raised.value.fault == error.fault
        return
    read = read_resident_id(text)
    assert (read.number, read.born_on) == (expected.number, expected.born_on.isoformat())
    assert read.is_male is expected.is_male


def test_synthetic_residents_are_unique_valid_and_repeatable() -> None:
    people = list(synthetic_residents(5000, 3))
    assert people == list(synthetic_residents(5000, 3))
    assert people != list(synthetic_residents(5000, 4))
    assert len({one.id_number for one in people}) == 5000
    for one in people:
        read = parse_resident_id(one.id_number)
        assert (read.born_on, "男" if read.is_male else "女") == (one.born_on, one.sex)
    assert 0.10 < sum(one.category != "普通" for one in people) / 5000 < 0.20
