"""One roll, one transaction: all of it or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from enrollment.divisions.selectors import DivisionBook, own_county
from enrollment.roll import faults, merge
from enrollment.roll.columns import COLUMNS
from enrollment.roll.reader import STAGED, RollReader
from enrollment.sheets import Rejects, RowFault, Sheet, open_rejects, open_sheet


@dataclass
class RollImport:
    """What an import did, counted in rows of the file.

    Attributes:
        created: rows that opened an enrolment of the year.
        updated: rows of residents already enrolled that changed something.
        unchanged: rows that say what is stored.
        warnings: what the operator should know, such as unknown columns.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: Any = 0
    warnings: tuple[str, ...] = ()

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
    dry_run: bool = False,
) -> RollImport:
    """Import the enrolment roll of a benefit year.

    Rows at fault are listed in `rejects_to` and counted; all others are merged in one
    transaction, so that an import that is killed leaves nothing. The same file again changes
    nothing. With `dry_run` everything is done and undone.

    A category other than ordinary opens the assistance identity for the year unless the
    resident has one of that kind touching the year: what a clerk has dated stays.

    Raises SheetRefused (nothing written) when the file cannot be read and ImproperlyConfigured
    when the portal does not know its county.
    """
    started = perf_counter()
    result = RollImport()
    sheet = open_sheet(path, COLUMNS)
    result.warnings = sheet.warnings
    divisions = DivisionBook(own_county())
    reader = RollReader(year, divisions)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        open_rejects(rejects_to) as rejects,
    ):
        merge.prepare(cursor)
        merge.copy_lines(cursor, STAGED, _accepted(sheet, reader, rejects, result))
        for line, code in merge.take_out_second_enrolments(cursor, year):
            rejects.add(faults.enrolled_elsewhere(year, divisions.name(code)).at(line))
        merged = merge.merge(cursor, year, at)
        result.created, result.updated = merged.created, merged.updated
        result.unchanged, result.rejected = merged.unchanged, rejects.count
        transaction.set_rollback(dry_run)
    result.seconds = round(perf_counter() - started, 2)
    return result


def _accepted(
    sheet: Sheet, reader: RollReader, rejects: Rejects, result: RollImport
) -> Iterator[str]:
    read = 0
    staged = reader.staged
    for row in sheet.rows():
        read += 1
        if row.fault is not None:
            rejects.add(row.fault)
            continue
        try:
            line = staged(row)
        except RowFault as fault:
            rejects.add(fault.at(row.line))
            continue
        yield line
    result.read = read
