"""Two hundred bad rolls and institution files: a clear word for each, nothing half-written."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from enrollment.coverage.models import Enrolment
from enrollment.institutions import columns as institution_columns
from enrollment.institutions.imports import import_institutions
from enrollment.institutions.models import Institution
from enrollment.residents.models import Person
from enrollment.roll.columns import COLUMNS as ROLL
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_bureau
from enrollment.tests.malformed import bad_cells, broken_files, csv_of, workbook_of
from enrollment.tests.roll_files import LI, ZHANG
from enrollment.tests.test_roll import run

INSTITUTIONS = institution_columns.COLUMNS
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
CLINIC = {"code": "H43312700000", "name": "司城村卫生室", "kind": "村卫生室", "division": "司城村"}

BROKEN_ROLLS = list(broken_files(ROLL, ZHANG))
BAD_ROLL_CELLS = list(
    bad_cells(
        ROLL,
        amounts=["paid"],
        days=["born_on", "paid_on"],
        numbers=["id_number", "account_no"],
        words=["sex", "category", "division"],
    )
)
BROKEN_LISTS = list(broken_files(INSTITUTIONS, HOSPITAL))
BAD_LIST_CELLS = list(
    bad_cells(
        INSTITUTIONS,
        days=["agreement_from", "agreement_to"],
        numbers=["account_no", "credit_code"],
        words=["kind", "level", "division", "parent"],
    )
)


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()


def test_there_are_two_hundred_for_each() -> None:
    assert len(BROKEN_ROLLS) + len(BAD_ROLL_CELLS) >= 200
    assert len(BROKEN_LISTS) + len(BAD_LIST_CELLS) >= 200


def rows_stored() -> int:
    return Person.objects.count() + Enrolment.objects.count() + Institution.objects.count()


@pytest.mark.parametrize("bad", BROKEN_ROLLS, ids=lambda bad: bad.title)
def test_a_broken_roll_is_refused_in_words(tmp_path: Path, bad: Any) -> None:
    path = tmp_path / bad.name
    path.write_bytes(bad.content)
    with pytest.raises(SheetRefused) as refused:
        run(path, rejects_to=tmp_path / "rejects.xlsx")
    assert_clear(str(refused.value), tmp_path)
    assert rows_stored() == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == [bad.name]


@pytest.mark.parametrize("bad", BROKEN_LISTS, ids=lambda bad: bad.title)
def test_a_broken_list_of_institutions_is_refused_in_words(tmp_path: Path, bad: Any) -> None:
    path = tmp_path / bad.name
    path.write_bytes(bad.content)
    with pytest.raises(SheetRefused) as refused:
        import_institutions(path, rejects_to=tmp_path / "rejects.xlsx")
    assert_clear(str(refused.value), tmp_path)
    assert rows_stored() == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == [bad.name]


@pytest.mark.parametrize("bad", BAD_ROLL_CELLS, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_of_a_roll_sends_its_row_back(tmp_path: Path, bad: Any) -> None:
    rows = [{**ZHANG, bad.key: bad.value}, LI]
    path = write(tmp_path, ROLL, rows, bad.value)
    result = run(path, rejects_to=tmp_path / "rejects.xlsx", with_cells=True)
    assert (result.read, result.created, result.rejected) == (2, 1, 1)
    (reject,) = result.first_rejects
    title = next(column.title for column in ROLL if column.key == bad.key)
    assert (reject.line, reject.column) == (2, title)
    assert_clear(f"{reject.reason} {reject.remedy}", tmp_path)
    assert [person.name for person in Person.objects.all()] == ["李秀英"]
    assert (tmp_path / "rejects.xlsx").stat().st_size > 0


@pytest.mark.parametrize("bad", BAD_LIST_CELLS, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_of_an_institution_sends_its_row_back(tmp_path: Path, bad: Any) -> None:
    rows = [{**HOSPITAL, bad.key: bad.value}, CLINIC]
    path = write(tmp_path, INSTITUTIONS, rows, bad.value)
    result = import_institutions(path, rejects_to=tmp_path / "rejects.csv")
    assert (result.read, result.created, result.rejected) == (2, 1, 1)
    assert [one.name for one in Institution.objects.all()] == ["司城村卫生室"]
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert text.startswith("2,")


@pytest.mark.parametrize("mark", ["\u200f", "\u202e", "\u2066", "\ufeff", "\u200b", "\u00ad"])
def test_marks_that_nobody_sees_do_no_harm(tmp_path: Path, mark: str) -> None:
    row = {key: f"{mark}{value}{mark}" for key, value in ZHANG.items()}
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of(ROLL, [row]))
    assert run(path).created == 1
    assert Person.objects.get().name == "张三"


def write(folder: Path, columns: Any, rows: Any, value: Any) -> Path:
    """As a workbook, unless only a CSV can hold the value as it is."""
    if isinstance(value, str) and (value.startswith("=") or not value.isprintable()):
        path = folder / "a.csv"
        path.write_bytes(csv_of(columns, rows))
        return path
    path = folder / "a.xlsx"
    path.write_bytes(workbook_of(columns, rows))
    return path


def assert_clear(text: str, folder: Path) -> None:
    """A sentence for people: no path, no class name, nothing of the machine."""
    assert len(text) >= 6
    assert str(folder) not in text
    for word in ("Error", "Traceback", "Exception", "0x", "None"):
        assert word not in text
    assert connection.is_usable()
