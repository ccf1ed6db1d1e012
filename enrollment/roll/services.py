"""One roll, one transaction: all of it or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from enrollment.divisions.selectors import DivisionBook, own_county
from enrollment.roll import faults, merge
from enrollment.roll.columns import COLUMNS
from enrollment.roll.reader import STAGED, RollReader
from enrollment.sheets import (
    Reject,
    Rejects,
    RowFault,
    Sheet,
    SheetRefused,
    open_rejects,
    open_sheet,
)

# Rows between two reports of progress.
STRIDE = 2048
Progress = Callable[[int], None]


@dataclass
class RollImport:
    """What an import did, counted in rows of the file.

    Attributes:
        created: rows that opened an enrolment of the year.
        updated: rows of residents already enrolled that changed something.
        unchanged: rows that say what is stored.
        refused: whether nothing was written because rows were rejected.
        warnings: what the operator should know, such as unknown columns.
        first_rejects: the first rejected rows, for the screen.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: Any = 0
    refused: bool = False
    warnings: tuple[str, ...] = ()
    first_rejects: list[Reject] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """What the command prints."""
        names = ("read", "created", "updated", "unchanged", "rejected", "seconds")
        return {name: getattr(self, name) for name in names}


def import_roll(
    path: Path,
    year: int,
    *,
    at: datetime,
    rejects_to: Path | None = None,
    with_cells: bool = False,
    all_or_nothing: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> RollImport:
    """Import the enrolment roll of a benefit year.

    Rows at fault are listed in `rejects_to` (with their own cells when `with_cells`) and
    counted; all others are merged in one transaction, so that an import that is killed leaves
    nothing. The same file again changes nothing. With `dry_run` everything is done and undone.
    With `all_or_nothing` one rejected row is enough and nothing is written (`refused`).

    A category other than ordinary opens the assistance identity for the year unless the
    resident has one of that kind touching the year: what a clerk has dated stays. Residents
    who are not in the file keep what they have and get no enrolment of the year.

    `progress` is called with the rows read so far, inside the transaction: whoever shows it
    writes through another connection.

    Raises SheetRefused (nothing written) when the file cannot be read and ImproperlyConfigured
    when the portal does not know its county.
    """
    started = perf_counter()
    result = RollImport()
    sheet = open_sheet(path, COLUMNS)
    result.warnings = sheet.warnings
    divisions = DivisionBook(own_county())
    reader = RollReader(year, divisions)
    titles = [column.title for column in COLUMNS] if with_cells else ()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        open_rejects(rejects_to, titles) as rejects,
    ):
        merge.prepare(cursor)
        rows = _accepted(sheet, reader, rejects, result, progress)
        merge.copy_lines(cursor, STAGED, rows)
        second = merge.take_out_second_enrolments(cursor, year)
        cells = _cells_of(path, {line for line, _code in second}) if with_cells else {}
        for line, code in second:
            fault = faults.enrolled_elsewhere(year, divisions.name(code))
            rejects.add(fault.at(line), cells.get(line, ()))
        result.rejected, result.first_rejects = rejects.count, rejects.first
        result.refused = all_or_nothing and rejects.count > 0
        if not result.refused:
            merged = merge.merge(cursor, year, at)
            result.created, result.updated = merged.created, merged.updated
            result.unchanged = merged.unchanged
        transaction.set_rollback(dry_run or result.refused)
    result.seconds = round(perf_counter() - started, 2)
    return result


def _accepted(
    sheet: Sheet,
    reader: RollReader,
    rejects: Rejects,
    result: RollImport,
    progress: Progress | None,
) -> Iterator[str]:
    read = 0
    staged = reader.staged
    for row in sheet.rows():
        read += 1
        if progress is not None and read % STRIDE == 0:
            progress(read)
        if row.fault is not None:
            rejects.add(row.fault, row.cells)
            continue
        try:
            line = staged(row)
        except RowFault as fault:
            rejects.add(fault.at(row.line), row.cells)
            continue
        yield line
    if not read:
        raise SheetRefused(_("The file has a header and no rows below it: fill in the residents."))
    if progress is not None:
        progress(read)
    result.read = read


def _cells_of(path: Path, lines: set[int]) -> dict[int, tuple[str, ...]]:
    """Read the file once more for rows whose fault only the database could tell."""
    if not lines:
        return {}
    rows = open_sheet(path, COLUMNS).rows()
    return {row.line: row.cells for row in rows if row.line in lines}
