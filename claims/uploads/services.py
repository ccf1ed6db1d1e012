"""One upload, one transaction: all of its good rows, or nothing."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.intake.services import require_entry
from claims.uploads import merge
from claims.uploads.columns import COLUMNS
from claims.uploads.reader import STAGED, UploadReader
from enrollment.models import User
from enrollment.sheets import Rejects, RowFault, Sheet, SheetRefused, open_rejects, open_sheet

UPLOAD_ACCOUNT = "upload"


@dataclass
class ClaimImport:
    """What an import did, counted in rows of the file."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float | str = 0
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def counts(self) -> dict[str, Any]:
        """What the command prints."""
        found = asdict(self)
        del found["warnings"]
        return found


def upload_account() -> User:
    """The account in whose name uploads come in unless another is named.

    It cannot log in: it has no password and is switched off. Made at the first upload.
    """
    account, _made = User.objects.get_or_create(
        username=UPLOAD_ACCOUNT, defaults={"full_name": "机构上传", "is_active": False}
    )
    return account


def import_claims(
    path: Path,
    *,
    at: datetime,
    actor: User | None = None,
    rejects_to: Path | None = None,
    dry_run: bool = False,
) -> ClaimImport:
    """Import claims uploaded by designated institutions; they await the first review.

    An upload is nobody's check, so it never counts as the first review. A visit that is known
    with the same facts is unchanged, one that was returned is corrected and submitted again,
    one that is open or settled with other facts is rejected. Rejected rows are listed in
    `rejects_to`. With `dry_run` everything is done and undone.

    Raises SheetRefused (nothing written) when the file cannot be read or somebody entered
    the same stay, visit or invoice meanwhile, NotPermitted for a named `actor` without
    `claims.enter_claim`.
    """
    started = perf_counter()
    if actor is not None:
        require_entry(actor)
    result = ClaimImport()
    sheet = open_sheet(path, COLUMNS)
    result.warnings = tuple(sheet.warnings)
    try:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            open_rejects(rejects_to) as rejects,
        ):
            who = actor or upload_account()
            today = timezone.localdate(at)
            reader = UploadReader(today)  # before the COPY, which keeps the connection busy
            cursor.execute(merge.STAGING)
            copy = f"COPY upload_row ({', '.join(STAGED)}) FROM STDIN"
            with cursor.copy(copy) as stream:
                for lines in batched(_accepted(sheet, reader, rejects, result)):
                    stream.write(lines)
            cursor.execute("ANALYZE upload_row")
            result.unchanged, found = merge.take_out(cursor)
            for reject in found:
                rejects.add(reject)
            result.created, result.updated = merge.write(cursor, actor_id=who.pk, at=at, day=today)
            result.rejected = rejects.count
            transaction.set_rollback(dry_run)
    except IntegrityError as error:
        raise SheetRefused(
            _(
                "Somebody entered one of these stays or invoices while the file was read: "
                "import it again."
            )
        ) from error
    result.seconds = round(perf_counter() - started, 2)
    return result


def batched(lines: Iterator[str]) -> Iterator[str]:
    """Some hundred lines at a time: the stream takes large pieces faster."""
    while piece := "".join(islice(lines, 500)):
        yield piece


def _accepted(
    sheet: Sheet, reader: UploadReader, rejects: Rejects, result: ClaimImport
) -> Iterator[str]:
    for row in sheet.rows():
        result.read += 1
        if row.fault is not None:
            rejects.add(row.fault)
            continue
        try:
            line = reader.staged(row)
        except RowFault as fault:
            rejects.add(fault.at(row.line))
            continue
        yield line
