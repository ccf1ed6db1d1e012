"""The list of rejected rows that goes back to whoever made the file."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from enrollment.sheets.errors import SheetRefused

# What stands before a row's own cells; a file that comes back with them is read all the same.
ROW, COLUMN, REASON, REMEDY = (
    gettext_noop("row"),
    gettext_noop("column"),
    gettext_noop("reason"),
    gettext_noop("what to do"),
)


@cache
def own_titles() -> frozenset[str]:
    """The list's own headers in every language of the portal."""
    titles: set[str] = set()
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            titles |= {_(title) for title in (ROW, COLUMN, REASON, REMEDY)}
    return frozenset(titles)


# Rejected rows that are kept at hand for the screen.
FIRST = 50


class Reject(NamedTuple):
    """One rejected row: where, why, what to do.

    `column` is the header as the contract names it. Reasons quote no personal data beyond
    the cell at fault, and identity numbers never.
    """

    line: int
    column: str
    reason: str
    remedy: str


class RowFault(Exception):
    """A row that cannot be imported: the header at fault, the reason, the remedy."""

    def __init__(self, column: str, reason: str, remedy: str) -> None:
        """Keep the three texts."""
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.remedy = remedy

    def at(self, line: int) -> Reject:
        """The rejected row, for the list that goes back."""
        return Reject(line, self.column, self.reason, self.remedy)


class _Writer(Protocol):
    def row(self, cells: tuple[Any, ...]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Finish the file."""


class _Nowhere:
    def row(self, cells: tuple[Any, ...]) -> None:
        """Write nothing."""

    def close(self) -> None:
        """Nothing to finish."""


class _Csv:
    def __init__(self, path: Path) -> None:
        # With a BOM, so that Excel shows the Chinese.
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)

    def row(self, cells: tuple[Any, ...]) -> None:
        """Write one row; nothing in it can be taken for a formula."""
        self._writer.writerow([harmless(cell) for cell in cells])

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()


class _Xlsx:
    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(1, 1, 16)
        self._sheet.set_column(2, 3, 60)
        self._next = 0

    def row(self, cells: tuple[Any, ...]) -> None:
        """Write one row: numbers as numbers, everything else as plain text."""
        for position, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._next, position, cell)
            else:
                self._sheet.write_string(self._next, position, cell)
        self._next += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class Rejects:
    """Counts rejected rows and writes them out, in the order they are found.

    With `titles` each line also holds the row's own cells under the headers of the import, so
    that it can be corrected there and sent again.
    """

    def __init__(self, path: Path | None, titles: Sequence[str] = ()) -> None:
        """Open `path` (`.csv` or `.xlsx`); it appears, whole, when the list is closed."""
        self.count = 0
        self.first: list[Reject] = []
        self._with_cells = bool(titles)
        self._path = path
        self._part = None if path is None else path.with_name(f".{path.name}.part")
        self._writer: _Writer = self._open()
        self._writer.row((_(ROW), _(COLUMN), _(REASON), _(REMEDY), *titles))

    def _open(self) -> _Writer:
        if self._path is None or self._part is None:
            return _Nowhere()
        kinds: dict[str, type[_Csv] | type[_Xlsx]] = {".csv": _Csv, ".xlsx": _Xlsx}
        kind = kinds.get(self._path.suffix.lower())
        if kind is None:
            raise SheetRefused(
                _("The rejected rows go to a .csv or .xlsx file: rename %(file)s.")
                % {"file": self._path.name}
            )
        if self._path.is_dir() or not self._path.parent.is_dir():
            raise SheetRefused(
                _("%(file)s cannot be written: check the folder.") % {"file": self._path}
            )
        try:
            return kind(self._part)
        except OSError as error:
            raise SheetRefused(
                _("%(file)s cannot be written: check the folder.") % {"file": self._path}
            ) from error

    def add(self, reject: Reject, cells: Sequence[str] = ()) -> None:
        """Take one more rejected row; its own cells are written where the list has them."""
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(reject)
        self._writer.row((*reject, *(cells if self._with_cells else ())))

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the finished list in its place; after an error leave none."""
        self._writer.close()
        if self._part is None or self._path is None:
            return
        if error is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


@contextmanager
def open_rejects(path: Path | None, titles: Sequence[str] = ()) -> Iterator[Rejects]:
    """Rejected rows into `path`, or counted only when it is None."""
    with Rejects(path, titles) as rejects:
        yield rejects


def harmless(cell: Any) -> Any:
    """The cell as Excel shows it, never as a formula that it runs; a quote marks the text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
