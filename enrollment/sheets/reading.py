"""Rows of a CSV or XLSX file, cell by cell in the order that the import asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from enrollment.sheets.errors import SheetRefused
from enrollment.sheets.rejects import Reject, own_titles
from enrollment.sheets.sources import delimited_rows, is_workbook, workbook_rows

MAX_CELL = 300
_DECORATION = re.compile(r"[（(].*?[)）]|[\s*＊:：﻿]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
_SUSPECT = re.compile("[ =#'\ufffd]")
_FORMULA_ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
# What the portal's own files put before a text that a spreadsheet would calculate.
_QUOTED = re.compile(r"'[=+@-]")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')

__all__ = ["Column", "Row", "Sheet", "SheetRefused", "open_sheet"]


@dataclass(frozen=True)
class Column:
    """A column that an import knows.

    Attributes:
        key: its English header.
        title: its Chinese header, also its name in messages.
        required: whether a file without it is refused.
    """

    key: str
    title: str
    required: bool = False


class Row(NamedTuple):
    """One row: its number in the spreadsheet, its cells, and why it cannot be read.

    With a fault, the cells are what the file has, shortened, for the list that goes back.
    """

    line: int
    cells: tuple[str, ...]
    fault: Reject | None = None


@dataclass(frozen=True)
class Sheet:
    """An opened file whose header fits.

    Attributes:
        warnings: what the operator should know, such as unknown columns.
    """

    columns: tuple[Column, ...]
    warnings: tuple[str, ...]
    _source: Iterator[tuple[int, list[Any]]]
    _positions: tuple[int, ...]
    _width: int

    def has(self, key: str) -> bool:
        """Whether the file has the column."""
        keys = [column.key for column in self.columns]
        return self._positions[keys.index(key)] >= 0

    def rows(self) -> Iterator[Row]:
        """The rows below the header, once; wholly empty ones are skipped.

        Raises SheetRefused when the file breaks off or turns unreadable on the way.
        """
        pick = itemgetter(*self._positions)
        width = self._width
        for line, found in self._source:
            cells = found
            if len(cells) != width:
                if any(cell.strip() for cell in cells[width:]):
                    yield self._fault(
                        line,
                        "",
                        _("The row has more cells than the header."),
                        _("Put a cell that contains a comma into quotation marks."),
                        pick([*cells[:width], ""]),
                    )
                    continue
                cells = (cells + [""] * width)[:width]
            text = "".join(cells)
            if not text:
                continue
            cells.append("")  # what position -1, a missing column, picks
            if len(text) < MAX_CELL and text.isprintable() and not _SUSPECT.search(text):
                yield Row(line, pick(cells))
            else:
                row = self._cleaned(line, pick(cells))
                if row is not None:
                    yield row

    def _cleaned(self, line: int, cells: tuple[str, ...]) -> Row | None:
        cleaned = []
        for column, cell in zip(self.columns, cells, strict=True):
            if len(cell) > MAX_CELL:
                return self._fault(
                    line,
                    column.title,
                    _("The cell is longer than %(limit)d characters.") % {"limit": MAX_CELL},
                    _("Shorten it, or close a quotation mark that was left open."),
                    cells,
                )
            if _BROKEN.search(cell):
                return self._fault(
                    line,
                    column.title,
                    _("The cell contains unreadable characters."),
                    _("Type the cell again."),
                    cells,
                )
            text = _INVISIBLE.sub("", cell).strip()
            wrapped = _TEXT_FORMULA.fullmatch(text)
            if wrapped:
                text = wrapped[1].strip()
            elif _QUOTED.match(text):
                text = text[1:]
            elif text.startswith("="):
                return self._fault(
                    line,
                    column.title,
                    _("The cell contains a formula."),
                    _("Replace the formula by its value (copy, paste as values)."),
                    cells,
                )
            elif text in _FORMULA_ERRORS:
                return self._fault(
                    line,
                    column.title,
                    _("The cell contains the error of a formula."),
                    _("Replace the formula by its value (copy, paste as values)."),
                    cells,
                )
            cleaned.append(" ".join(text.split()))
        return Row(line, tuple(cleaned)) if any(cleaned) else None

    def _fault(
        self, line: int, column: str, reason: str, remedy: str, cells: tuple[str, ...]
    ) -> Row:
        shown = tuple(_BROKEN.sub("\ufffd", cell[:MAX_CELL]) for cell in cells)
        return Row(line, shown, Reject(line, column, reason, remedy))


def open_sheet(path: Path, columns: Sequence[Column]) -> Sheet:
    """Open a file and match its header; at least two columns must be asked for.

    Raises SheetRefused when it is no readable CSV or XLSX, lacks a required column or has
    one twice.
    """
    if not path.is_file():
        raise SheetRefused(_("There is no file %(file)s: check the path.") % {"file": path})
    known = {_plain(column.title): column for column in columns}
    known |= {_plain(column.key): column for column in columns}
    try:
        workbook = is_workbook(path)
        source = workbook_rows(path) if workbook else delimited_rows(path)
        line, header = next(source, (0, []))
        while line and not any(header):
            line, header = next(source, (0, []))
    except OSError as error:
        raise SheetRefused(
            _("%(file)s cannot be read: check its permissions.") % {"file": path}
        ) from error
    if not line:
        raise SheetRefused(_("%(file)s is empty.") % {"file": path.name})
    found: dict[str, int] = {}
    unknown = []
    for position, title in enumerate(header):
        column = known.get(_plain(title[:MAX_CELL]))
        if column is None:
            if title.strip() and title.strip() not in own_titles():
                unknown.append(title.strip()[:40])
        elif column.key in found:
            raise SheetRefused(
                _("The column %(column)s stands twice in the header: delete one.")
                % {"column": column.title}
            )
        else:
            found[column.key] = position
    missing = [column.title for column in columns if column.required and column.key not in found]
    if missing:
        raise SheetRefused(
            _("%(file)s lacks the required column %(columns)s: add it to the header in row 1.")
            % {"file": path.name, "columns": "、".join(missing)}
        )
    warnings = [_("Unknown column, ignored: %(column)s") % {"column": name} for name in unknown]
    return Sheet(
        columns=tuple(columns),
        warnings=tuple(warnings),
        _source=source,
        _positions=tuple(found.get(column.key, -1) for column in columns),
        _width=len(header),
    )


def _plain(title: str) -> str:
    return _INVISIBLE.sub("", _DECORATION.sub("", title)).casefold()
