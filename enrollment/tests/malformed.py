"""Files that an import must refuse or give back, row by row, in words.

`broken_files` are no readable table at all; `bad_cells` are one bad cell in an otherwise good
row. Both are made from an import's own columns, so that every import meets the same malice.
"""

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import xlsxwriter

from enrollment.sheets import Column

Cells = Mapping[str, str]


class BadFile(NamedTuple):
    """A name for the test's output, the file's name and its bytes."""

    title: str
    name: str
    content: bytes


class BadCell(NamedTuple):
    """One bad cell: which column, and what in it."""

    title: str
    key: str
    value: Any


def csv_of(columns: Sequence[Column], rows: Sequence[Cells], encoding: str = "utf-8") -> bytes:
    """A plain CSV without quotation marks."""
    lines = [",".join(column.title for column in columns)]
    lines += [",".join(row.get(column.key, "") for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode(encoding)


def workbook_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """An XLSX whose cells keep the types of the values."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.title)
    for line, row in enumerate(rows, 1):
        for position, column in enumerate(columns):
            value = row.get(column.key, "")
            if isinstance(value, str) and not value.startswith("="):
                sheet.write_string(line, position, value)
            else:
                sheet.write(line, position, value)
    book.close()
    return buffer.getvalue()


def broken_files(columns: Sequence[Column], good: Cells) -> Iterator[BadFile]:
    """Files that are refused whole."""
    text = csv_of(columns, [good]).decode()
    header, row, *_rest = text.splitlines()
    book = workbook_of(columns, [good])
    for title, content in _no_tables(text, header, row):
        yield BadFile(title, "a.csv", content)
    for title, content in _headers(columns, header, row):
        yield BadFile(title, "a.csv", content.encode())
    for title, content in _workbooks(book):
        yield BadFile(title, "a.xlsx", content)


def _no_tables(text: str, header: str, row: str) -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "byte order mark alone", b"\xef\xbb\xbf"
    yield "blank lines", b"\n\n   \n"
    yield "commas only", b",,,\n,,,\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "big5", "cp037"):
        yield f"in {encoding}", text.encode(encoding, "replace")
    for encoding in ("shift_jis", "euc_kr", "hz", "iso2022_jp"):
        yield f"in {encoding}", text.encode(encoding, "ignore")
    yield "two encodings", header.encode("utf-8") + b"\n" + row.encode("gb18030") + b"\xff\xff\n"
    yield "header in GB18030 twice encoded", header.encode("gb18030").decode("latin-1").encode()
    yield "random bytes", bytes(range(256)) * 8
    yield "zeros", bytes(4096)
    yield "picture", b"\x89PNG\r\n\x1a\n" + bytes(512)
    yield "jpeg", b"\xff\xd8\xff\xe0" + bytes(512)
    yield "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
    yield "gzip", b"\x1f\x8b\x08\x00" + bytes(64)
    yield "rar", b"Rar!\x1a\x07\x00" + bytes(64)
    yield "old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
    yield "web page", b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    yield "xml", b'<?xml version="1.0"?><rows/>'
    yield "json", b'[{"id_number": "433127198005170012"}]'
    yield "script", b"#!/bin/sh\necho no\n"
    yield "open quotation mark", f'{header}\n"{row}\n{row}\n'.encode()
    yield "quotation mark in the middle", f'{header}\n"a"b,{row}\n'.encode()
    yield "a cell of 200,000 characters", f"{header}\n{'x' * 200_000},{row}\n".encode()
    yield "a header of 200,000 characters", ("x" * 200_000 + "\n" + row).encode()
    yield "NUL in the header", header.replace(",", "\0,", 3).encode() + b"\n" + row.encode()


def _headers(columns: Sequence[Column], header: str, row: str) -> Iterator[tuple[str, str]]:
    titles = [column.title for column in columns]
    for column in columns:
        if column.required:
            left = ",".join(title for title in titles if title != column.title)
            yield f"without {column.key}", f"{left}\n{row}\n"
            yield f"{column.key} misspelt", header.replace(column.title, f"x{column.title}") + "\n"
        yield f"{column.key} twice", f"{header},{column.title}\n{row},1\n"
    yield "a title above the header", f"某县某年名册\n{header}\n{row}\n"
    yield "no header", f"{row}\n{row}\n"
    yield "lying on its side", "\n".join(f"{title},x" for title in titles)
    yield "split by bars", header.replace(",", "|") + "\n" + row.replace(",", "|")
    yield "split by spaces", header.replace(",", " ") + "\n" + row.replace(",", " ")
    yield "20,000 columns of something else", ",".join(f"c{n}" for n in range(20_000)) + "\n"


def _workbooks(book: bytes) -> Iterator[tuple[str, bytes]]:
    yield "cut in half", book[: len(book) // 2]
    yield "cut at the end", book[:-30]
    yield "only the beginning", b"PK\x03\x04" + bytes(200)
    yield "a text document", _zip({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<T/>"})
    yield "an empty archive", _zip({"nothing.txt": b""})
    yield "an archive that climbs", _zip({"../../etc/passwd": b"x"})
    yield "no sheet", _without(book, "xl/worksheets/sheet1.xml")
    yield "no book", _without(book, "xl/workbook.xml")
    yield "no relations", _without(book, "xl/_rels/workbook.xml.rels")
    sheet = "xl/worksheets/sheet1.xml"
    for title, part in (
        ("not XML", b"this is no XML"),
        ("an open tag", b"<worksheet><sheetData><row r='1'><c"),
        ("empty", b""),
        ("zeros", bytes(1000)),
        ("no data", b"<worksheet/>"),
        (
            "entities",
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        ),
        (
            "a cell far to the right",
            _one_cell("XFD1"),
        ),
        (
            "a cell nowhere",
            _one_cell("1A"),
        ),
    ):
        yield f"sheet: {title}", _with(book, sheet, part)
    for name in ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        if name != "xl/styles.xml":
            yield f"{name} broken", _with(book, name, b"<broken")
    yield "zip bomb by its own account", _bomb(book)
    yield "table on the second sheet", _second_sheet()
    yield "chart instead of a table", _chart()
    yield "encrypted", _encrypted(book)


def _one_cell(place: str) -> bytes:
    row = f'<row r="1"><c r="{place}"><v>1</v></c></row>'
    return f"<worksheet><sheetData>{row}</sheetData></worksheet>".encode()


def _zip(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _without(book: bytes, name: str) -> bytes:
    return _zip({key: value for key, value in _parts(book).items() if key != name})


def _with(book: bytes, name: str, content: bytes) -> bytes:
    return _zip({**_parts(book), name: content})


def _bomb(book: bytes) -> bytes:
    """The directory says that one part unpacks to 2 GB."""
    data = bytearray(book)
    entry = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 2 << 30)
    return bytes(data)


def _encrypted(book: bytes) -> bytes:
    """Every part is marked as encrypted."""
    data = bytearray(book)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def _second_sheet() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("说明").write_string(0, 0, "填表说明")
    book.add_worksheet("名册").write_string(0, 0, "证件号码")
    book.close()
    return buffer.getvalue()


def _chart() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_chartsheet("图")
    data = book.add_worksheet("数")
    data.write_number(0, 0, 1)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=数!$A$1:$A$1"})
    page.set_chart(chart)
    book.close()
    return buffer.getvalue()


def bad_cells(
    columns: Sequence[Column],
    *,
    amounts: Sequence[str] = (),
    days: Sequence[str] = (),
    numbers: Sequence[str] = (),
    words: Sequence[str] = (),
) -> Iterator[BadCell]:
    """One bad cell each; `numbers` are identifiers of many digits, `words` one of a list."""
    for column in columns:
        for title, value in (
            ("formula", "=1+1"),
            ("formula of another sheet", "=Sheet2!A1&cmd|'/c calc'!A0"),
            ("NUL", "a\0b"),
            ("bell", "a\x07b"),
            ("escape", "\x1b[31ma"),
            ("lost character", "a\ufffdb"),
            ("301 characters", "x" * 301),
            ("30,000 characters", "长" * 30_000),
        ):
            yield BadCell(f"{column.key}: {title}", column.key, value)
    for key in amounts:
        for value in (
            *("-1", "-0.01", "1.234", "1e3", "NaN", "Infinity", "-Infinity", "0x10", "--1"),
            *(
                "99999999999999999999",
                "100000000000000.00",
                "1.00元整",
                "四百元",
                "壹佰",
                "1,2,3.0",
            ),
            *("٤٠٠", "4 00.5.5", "null", "#REF!", "1/2"),
        ):
            yield BadCell(f"{key}: {value}", key, value)
    for key in days:
        for value in (
            *("民国115年9月1日", "令和8年9月1日", "二〇二六年九月一日", "丙午年八月初一"),
            *("1448-13-09", "2569-09-01", "5786-12-40", "0000-01-01", "26-09-01", "09/01/2026"),
            *("31.12.2026", "2026-02-30", "2026-00-10", "20260931", "46266", "46266.5", "昨天"),
            *("2026-09-01T25:00", "9999-12-31", "1600-01-01"),
        ):
            yield BadCell(f"{key}: {value}", key, value)
    for key in numbers:
        for value in (4.33127198005170e17, 433127198005170012, -1, 0, 1.5, True, "4.33E+17", "１"):
            yield BadCell(f"{key}: {value!r}", key, value)
    for key in words:
        for value in ("x", "无", "0", "true", "未知类别", 7, "'; DROP TABLE x; --", "<script>"):
            yield BadCell(f"{key}: {value!r}", key, value)
