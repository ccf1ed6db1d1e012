"""CSV and XLSX, written row by row in constant memory."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import xlsxwriter

from enrollment.exports.rows import Cell
from enrollment.sheets.rejects import harmless

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


class Writer(Protocol):
    """A file being written."""

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


class CsvWriter:
    """UTF-8 with a BOM for Excel; nothing is taken for a formula."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(header)

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows; amounts without separators."""
        self._writer.writerows([harmless(cell) for cell in row] for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()


class XlsxWriter:
    """Amounts and counts as numbers, everything else as text, so that codes keep their digits."""

    def __init__(self, path: Path, header: Sequence[str], sheet: str = "") -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._bold = self._book.add_format({"bold": True})
        self.begin_sheet(sheet, header)

    def begin_sheet(self, sheet: str, header: Sequence[str]) -> None:
        """A further sheet; what comes now goes into it. The name is cut to what Excel takes."""
        name = _NOT_IN_NAMES.sub(" ", sheet)[:_LONGEST_NAME] or None
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(len(header) - 1, 0), 18)
        for position, title in enumerate(header):
            self._sheet.write_string(0, position, title, self._bold)
        self._next = 1

    def bars(self, title: str, series: Sequence[int], *, rows: int) -> None:
        """A bar chart beside the sheet's first `rows` rows: `series` are its columns."""
        chart = self._book.add_chart({"type": "bar"})
        chart.set_title({"name": title, "overlay": False})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 640, "height": 120 + 40 * rows})
        name = self._sheet.get_name()
        for column in series:
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, rows, 0],
                    "values": [name, 1, column, rows, column],
                }
            )
        self._sheet.insert_chart(self._next + 1, 0, chart)

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            for position, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    self._sheet.write_number(self._next, position, cell, self._money)
                elif isinstance(cell, int):
                    self._sheet.write_number(self._next, position, cell)
                else:
                    self._sheet.write_string(self._next, position, cell)
            self._next += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


def open_writer(kind: str, path: Path, header: Sequence[str]) -> Writer:
    """A writer of the kind, `csv` or `xlsx`, with the header in it."""
    return CsvWriter(path, header) if kind == "csv" else XlsxWriter(path, header)
