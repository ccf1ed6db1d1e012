"""CSV and XLSX, written row by row in constant memory."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import xlsxwriter

from enrollment.exports.rows import Cell
from enrollment.sheets.rejects import harmless


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

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._sheet = self._book.add_worksheet()
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(len(header) - 1, 0), 18)
        bold = self._book.add_format({"bold": True})
        for position, title in enumerate(header):
            self._sheet.write_string(0, position, title, bold)
        self._next = 1

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
