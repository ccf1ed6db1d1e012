"""The list of rejected rows that goes back to who sent a file."""

import csv
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from enrollment.sheets import Reject, SheetRefused, open_rejects


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rejected_rows_go_back_without_formulas(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rejects{suffix}"
    with open_rejects(path) as rejects:
        rejects.add(Reject(7, "姓名", "=cmd|' /C calc'!A1", "@SUM(A1)"))
        assert not path.exists()
    assert rejects.count == 1
    if suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            _header, row = csv.reader(stream)
        assert row == ["7", "姓名", "'=cmd|' /C calc'!A1", "'@SUM(A1)"]
    else:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        assert sheet.to_python()[1] == [7.0, "姓名", "=cmd|' /C calc'!A1", "@SUM(A1)"]
        with zipfile.ZipFile(path) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["rejects.txt", "rejects", "none/rejects.csv"])
def test_rejects_need_a_place_and_a_kind(tmp_path: Path, name: str) -> None:
    with pytest.raises(SheetRefused), open_rejects(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []


def test_after_an_error_no_list_of_rejects_stays(tmp_path: Path) -> None:
    with pytest.raises(KeyError), open_rejects(tmp_path / "rejects.csv") as rejects:
        rejects.add(Reject(1, "a", "b", "c"))
        raise KeyError
    assert list(tmp_path.iterdir()) == []
