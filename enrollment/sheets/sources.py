"""Raw rows of a file, with their numbers, whatever the file is."""

import codecs
import csv
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, ZipError

from enrollment.sheets.dimensions import check_dimensions
from enrollment.sheets.errors import SheetRefused

_CHUNK = 1 << 20
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]+)"')
_EXACT = 10**15  # above it, a number cell has lost digits

# What the readers raise for archives that are broken, encrypted or packed in unknown ways.
UNREADABLE = (
    CalamineError,
    ZipError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
_XLSX = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")  # a paper or its picture, whatever its name


def is_workbook(path: Path) -> bool:
    """Whether the content is an XLSX, whatever the name; refuses the old XLS, PDF and pictures."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start == _OLD_EXCEL:
        raise SheetRefused(
            _("%(file)s is an old XLS or a locked workbook: save it as XLSX without password.")
            % {"file": path.name}
        )
    if start.startswith(_NO_TABLE):
        raise SheetRefused(
            _("%(file)s is a PDF or a picture and no table: hand in CSV or XLSX.")
            % {"file": path.name}
        )
    return start == _XLSX


def workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet as texts; number, date and formula cells by their value."""
    try:
        check_dimensions(path)
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
    except UNREADABLE as error:
        raise SheetRefused(
            _("%(file)s is no readable XLSX: open it in Excel and save it again.")
            % {"file": path.name}
        ) from error
    for line, values in enumerate(sheet.iter_rows(), 1):
        yield line, [value if isinstance(value, str) else _text(value) for value in values]


def count_rows(path: Path) -> int | None:
    """About how many rows stand below the header; None when the file does not tell.

    For a progress bar only: from the line ends of a CSV or what the workbook says of itself.
    """
    if not is_workbook(path):
        line_ends, tail = 0, b"\n"
        with path.open("rb") as stream:
            for chunk in iter(partial(stream.read, _CHUNK), b""):
                line_ends, tail = line_ends + chunk.count(b"\n"), chunk[-1:]
        # The last line of many files has no end.
        return max(line_ends + (tail != b"\n") - 1, 1)
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
            found = _DIMENSION.search(sheet.read(4096))
    except UNREADABLE:
        return None
    return int(found[1]) - 1 if found else None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Real) and not isinstance(value, bool):
        return _number(value)
    return str(value)


def _number(value: Any) -> str:
    if not math.isfinite(value):
        return "#NUM!"  # as Excel shows it
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    # repr gives the shortest text that means this number: what the person typed.
    return str(int(value)) if value == int(value) else repr(value)


def delimited_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV; comma, semicolon or tab, whichever splits the header most."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        first = stream.readline(1 << 16)
        delimiter = max(",;\t", key=first.count)
        stream.seek(0)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            raise SheetRefused(
                _(
                    "%(file)s cannot be read from line %(line)d on: look for a quotation mark "
                    "that is not closed, or a cell that is far too long. Nothing was imported."
                )
                % {"file": path.name, "line": reader.line_num}
            ) from error


def _encoding(path: Path) -> str:
    """UTF-8 when all of the file is, else GB18030, else refused."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise SheetRefused(
            _("%(file)s is in UTF-16: save it as “CSV UTF-8” or XLSX.") % {"file": path.name}
        )
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetRefused(
        _("%(file)s is neither UTF-8 nor GB18030 text: save it as “CSV UTF-8” or XLSX.")
        % {"file": path.name}
    )
