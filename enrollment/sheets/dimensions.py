"""Whether a workbook can be opened without filling the memory.

An XLSX is a ZIP: a small file can unpack to anything, whatever its directory says of itself,
and one cell in the last row of a wide sheet makes a table of two hundred million cells.
"""

import re
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path

from django.utils.translation import gettext as _

from enrollment.sheets.errors import SheetRefused

MAX_UNPACKED = 1 << 30
# Sheets of rolls pack eight to one, formatted blank cells twenty to one.
MAX_RATIO = 100
SMALL = 16 << 20  # bytes that are unpacked whatever their ratio
MAX_COLUMNS = 200
MAX_CELLS = 32_000_000  # one gigabyte; the county's roll has seven million
_CHUNK = 1 << 20
_LONGEST_PLACE = 64  # bytes of ` r="…"`
_ATTRIBUTE = rb"\sr\s{0,9}=\s{0,9}[\"']"
# Three letters are too many columns, whatever follows them.
_WIDE = re.compile(_ATTRIBUTE + rb"(?:[A-Za-z]{3}|[H-Zh-z][A-Za-z][0-9])")
# Nearly every window of an ordinary sheet is done with after this one search.
_FAR = re.compile(_ATTRIBUTE + rb"(?:[A-Za-z]{0,2}[0-9]{6}|[A-Za-z]{3}|[H-Zh-z][A-Za-z][0-9])")
_TWO_LETTERS = re.compile(_ATTRIBUTE + rb"[A-Za-z]{2}[0-9]")
_NOWHERE = re.compile(_ATTRIBUTE + rb"[A-Za-z]{0,2}(?:[0-9]{8}|1[1-9][0-9]{5}|[2-9][0-9]{6})")
_PLACE = re.compile(_ATTRIBUTE + rb"([A-Za-z]{0,2})([0-9]{1,7})[\"']")


def check_dimensions(path: Path) -> None:
    """Raise SheetRefused for a workbook that unpacks too large or has far too many cells.

    Raises what `zipfile` raises for a broken archive.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _too_large(path)
        room = MAX_UNPACKED
        for part in parts:
            room -= _check_part(archive, part, room, path)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, path: Path) -> int:
    """How many bytes the part unpacks to; any part may be the sheet."""
    size = 0
    deep = False
    for window, fresh in _windows(archive, part):
        size += fresh
        if size > room or size > max(SMALL, MAX_RATIO * part.compress_size):
            raise _too_large(path)
        if not _FAR.search(window):
            continue
        if _WIDE.search(window):
            raise SheetRefused(
                _("%(file)s has more than %(limit)d columns: delete what is beside the table.")
                % {"file": path.name, "limit": MAX_COLUMNS}
            )
        if _NOWHERE.search(window):
            raise _too_deep(path)
        deep = True
    wide = deep and any(_TWO_LETTERS.search(window) for window, _new in _windows(archive, part))
    if wide and _cells(archive, part) > MAX_CELLS:
        raise _too_deep(path)
    return size


def _cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many cells a table has that reaches to the last row and the last column."""
    last_row = last_column = 0
    for window, _fresh in _windows(archive, part):
        for column, row in _PLACE.findall(window):
            last_row = max(last_row, int(row))
            last_column = max(last_column, _number(column))
    return last_row * last_column


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number


def _windows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The part in pieces that overlap, each with how many bytes are new.

    The part is read to its real end, not to the end that the directory names.
    """
    honest = copy(part)
    honest.file_size = MAX_UNPACKED + _CHUNK
    tail = b""
    with archive.open(honest) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk, len(chunk)
            tail = chunk[-_LONGEST_PLACE:]


def _too_large(path: Path) -> SheetRefused:
    return SheetRefused(
        _("%(file)s unpacks to more than 1 GB: split it, or save it as CSV.") % {"file": path.name}
    )


def _too_deep(path: Path) -> SheetRefused:
    return SheetRefused(
        _("%(file)s has cells far below the table: delete the rows below its last one.")
        % {"file": path.name}
    )
