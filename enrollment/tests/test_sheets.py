"""Reading files of every kind, and refusing what cannot be read."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from enrollment.sheets import Column, SheetRefused, open_sheet, parse_day
from enrollment.tests.roll_files import write_csv, write_xlsx

COLUMNS = (
    Column("id_number", "证件号码", required=True),
    Column("name", "姓名", required=True),
    Column("paid", "个人缴费"),
)
GOOD = "证件号码,姓名,个人缴费\n433127198005170010,张三,400\n"


def cells(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in open_sheet(path, COLUMNS).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_its_usual_encodings(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(GOOD.replace(",", delimiter), encoding=encoding)
    assert cells(path) == [(2, ("433127198005170010", "张三", "400"))]


@pytest.mark.parametrize(
    "header",
    [
        "姓名,个人缴费,证件号码",
        "name,paid,id_number",
        "Name, PAID ,证件号码*",
        "姓 名,个人缴费（元）,证件号码(必填)",
        "\u200b姓名,个人缴费:,ID_Number",
    ],
)
def test_headers_may_be_in_either_language_and_any_order(tmp_path: Path, header: str) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(f"{header}\n张三,400,433127198005170010\n", encoding="utf-8")
    assert cells(path) == [(2, ("433127198005170010", "张三", "400"))]


def test_lines_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(
        '姓名,证件号码\n\n,\n"张\n三",1\n李四,2\n   ,  \n王五\n', encoding="utf-8", newline=""
    )
    assert cells(path) == [
        (4, ("1", "张 三", "")),
        (5, ("2", "李四", "")),
        (7, ("", "王五", "")),
    ]


def test_a_workbook_is_read_with_its_types(tmp_path: Path) -> None:
    rows = [
        {"id_number": "433127198005170010", "name": " 张三\u3000", "paid": 380.1},
        {"id_number": 433127198005170010, "name": "李四", "paid": 400},
        {"id_number": "x", "name": date(2026, 9, 1), "paid": datetime(2026, 9, 1)},  # noqa: DTZ001
    ]
    path = write_xlsx(tmp_path / "roll.xlsx", rows, keys=["paid", "name", "id_number"])
    assert cells(path) == [
        (2, ("433127198005170010", "张三", "380.1")),
        (3, ("4.33127E+17", "李四", "400")),
        (4, ("x", "2026-09-01", "2026-09-01")),
    ]


def test_the_content_counts_not_the_name(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "roll.csv", [{"id_number": "1", "name": "张三"}])
    assert cells(tmp_path / "roll.csv") == [(2, ("1", "张三", ""))]


def test_unknown_columns_are_named_and_ignored(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text("备注,姓名,证件号码,\nx,张三,1,\n", encoding="utf-8")
    sheet = open_sheet(path, COLUMNS)
    assert len(sheet.warnings) == 1
    assert "备注" in sheet.warnings[0]
    assert not sheet.has("paid")
    assert sheet.has("name")
    assert [row.cells for row in sheet.rows()] == [("1", "张三", "")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,张\x00三,4", "姓名"),
        ("1,张\x07三,4", "姓名"),
        ("1,张\ufffd,4", "姓名"),
        ("=A1,张三,4", "证件号码"),
        ("1,=HYPERLINK(A1),4", "姓名"),
        ("1,张三,=1+1", "个人缴费"),
        ("1," + "张" * 301 + ",4", "姓名"),
        ("1,张三,4,5", ""),
    ],
)
def test_a_bad_cell_costs_its_row_only(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(f"证件号码,姓名,个人缴费\n{row}\n2,李四,5\n", encoding="utf-8")
    bad, good = open_sheet(path, COLUMNS).rows()
    assert bad.fault is not None
    assert (bad.fault.line, bad.fault.column) == (2, column)
    assert bad.fault.reason and bad.fault.remedy
    assert good == (3, ("2", "李四", "5"), None)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("\u202e1\u202c", "1"),
        ("\ufeff1", "1"),
        ("1\t", "1"),
        ("\u3000 1\u00a0", "1"),
        ('"=""1"""', "1"),
        ("'-1", "-1"),
        ("'=1+1", "=1+1"),
        ("'1", "'1"),
    ],
)
def test_invisible_characters_and_text_wrappers_are_dropped(
    tmp_path: Path, raw: str, read: str
) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(f"姓名,证件号码\n张三,{raw}\n", encoding="utf-8")
    assert cells(path) == [(2, (read, "张三", ""))]


def _bomb(path: Path, *, cell: str = "A1", size: int = 0) -> None:
    write_xlsx(path, [{"id_number": "1", "name": "张三"}])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", f'<row r="9"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if size:
            with archive.open("xl/media/x.bin", "w", force_zip64=True) as stream:
                for _ in range(size >> 20):
                    stream.write(bytes(1 << 20))


REFUSED: dict[str, bytes] = {
    "empty": b"",
    "only a BOM": b"\xef\xbb\xbf",
    "only blank lines": b"\n\n\n",
    "only commas": b",,,\n",
    "no header": b"433127198005170010,\xe5\xbc\xa0\n",
    "a required column missing": "姓名,个人缴费\n张三,4\n".encode(),
    "a column twice": "证件号码,姓名,姓名\n1,张三,张三\n".encode(),
    "a column in both languages": "证件号码,姓名,name\n1,张三,张三\n".encode(),
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 big-endian": b"\xfe\xff" + GOOD.encode("utf-16-be"),
    "UTF-32": GOOD.encode("utf-32-le"),
    "Big5": GOOD.replace("张", "張").replace("证", "證").encode("big5", "replace"),
    "Shift-JIS": "氏名,番号\nヤマダ,1\n".encode("shift-jis"),
    "bytes of no encoding": b"\xff\xff\xff\xff,\x81\n",
    "an unclosed quotation mark": GOOD.encode() + '2,"李四,5\n3,王五,6\n'.encode(),
    "text after a quotation": GOOD.encode() + '2,"李"四,5\n'.encode(),
    "a cell of 200,000 characters": GOOD.encode() + b"2," + b"x" * 200_000 + b",5\n",
    "an old XLS": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a cut-off ZIP": b"PK\x03\x04" + bytes(100),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "HTML named CSV": b"<html><table><tr><td>1</td></tr></table></html>",
    "JSON": b'{"id_number": "1", "name": "x"}',
    "NULs": bytes(4096),
    "one endless line": b"x" * 300_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unreadable_file_is_refused_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "roll.csv"
    path.write_bytes(REFUSED[name])
    with pytest.raises(SheetRefused) as refused:
        cells(path)
    assert str(refused.value)


@pytest.mark.parametrize("name", ["a PDF", "a picture"])
def test_what_is_no_table_is_called_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / "roll.xlsx"
    path.write_bytes(REFUSED[name])
    with translation.override("en"), pytest.raises(SheetRefused, match="hand in CSV or XLSX"):
        cells(path)


@pytest.mark.parametrize(
    "damage",
    [
        "no sheet",
        "not a workbook",
        "broken xml",
        "too wide",
        "wider",
        "unpacks too large",
        "cut off",
    ],
)
def test_a_damaged_or_hostile_workbook_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "roll.xlsx"
    if damage == "too wide":
        _bomb(path, cell="XFD1048576")
    elif damage == "wider":  # than any column of a sheet: a reader makes room for it all the same
        _bomb(path, cell="ZZZZZZ1")
    elif damage == "unpacks too large":
        _bomb(path, size=1025 << 20)
    elif damage == "cut off":
        write_xlsx(path, [{"id_number": "1", "name": "张三"}])
        path.write_bytes(path.read_bytes()[:-200])
    else:
        content = {"no sheet": {}, "no workbook": {"a.txt": b"x"}}.get(damage)
        if content is None:
            content = {"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<x"}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in content.items():
                archive.writestr(name, data)
    with pytest.raises(SheetRefused) as refused:
        cells(path)
    assert "roll.xlsx" in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(SheetRefused):
            open_sheet(path, COLUMNS)


@pytest.mark.parametrize(
    "text",
    ["2026-09-01", "2026/9/1", "2026.09.1", "20260901", "2026年9月1日", "2026-09-01 00:00:00"],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert parse_day(text) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26-09-01",
        "01/09/2026",
        "2026-13-01",
        "2026-02-29",
        "2026-9/1",
        "46266",
        "民国115年9月1日",
        "二〇二六年九月一日",
        "２０２６-09-01",
        "2026-09-01 12:00:00",
        "1448-03-19H",
        "yesterday",
        "2026-09-01-02",
    ],
)
def test_what_is_no_day_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_day(text)


def test_write_helpers_agree(tmp_path: Path) -> None:
    rows = [{"id_number": "1", "name": "张三", "paid": "4"}]
    keys = ["id_number", "name", "paid"]
    one = write_csv(tmp_path / "a.csv", rows, keys=keys)
    two = write_xlsx(tmp_path / "a.xlsx", rows, keys=keys)
    assert cells(one) == cells(two)


def _spoilt_sheet(path: Path, cell: str, value: str = "1", *, blanks: int = 0) -> None:
    """A good workbook with one more cell, and so many megabytes of blanks behind the rows."""
    write_xlsx(path, [{"id_number": "1", "name": "张三"}])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    added = f'<row r="9"><c r="{cell}"><v>{value}</v></c></row>'.encode()
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", added + b" " * (blanks << 20) + b"</sheetData>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("cell", ["GR1048576", "A99999999", "A4294967295", "xfd3", "IA3"])
def test_a_cell_far_from_the_table_does_not_fill_the_memory(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "roll.xlsx"
    _spoilt_sheet(path, cell)
    with pytest.raises(SheetRefused, match=r"roll\.xlsx"):
        cells(path)


def test_a_sheet_of_blanks_packed_a_thousand_to_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    _spoilt_sheet(path, "A9", blanks=32)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(SheetRefused, match=r"roll\.xlsx"):
        cells(path)


def test_a_part_that_is_larger_than_the_directory_says_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    _spoilt_sheet(path, "A9", blanks=32)
    content = bytearray(path.read_bytes())
    name = b"xl/worksheets/sheet1.xml"
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(name))
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(SheetRefused, match=r"roll\.xlsx"):
        cells(path)


@pytest.mark.parametrize("value", ["1e400", "-1e999", "NaN"])
def test_a_number_that_is_none_is_shown_as_excel_shows_it(tmp_path: Path, value: str) -> None:
    path = tmp_path / "roll.xlsx"
    _spoilt_sheet(path, "A9", value)
    last = cells(path)[-1]
    assert any("#NUM!" in one or "NaN" in one for one in map(str, last))
