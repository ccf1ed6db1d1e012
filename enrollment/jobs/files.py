"""Where the files of an import job lie: outside the web root, for the portal's user alone.

`IMPORT_FILES_DIR/<job>/` holds the upload in `in/` and `rejects.xlsx`.
"""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from enrollment.jobs.models import ImportJob
from enrollment.roll.columns import COLUMNS
from enrollment.sheets import SheetRefused, is_workbook, open_sheet

# The county's 421,900 residents are 60 MB of CSV.
MAX_BYTES = 200 << 20


def folder_of(job_id: int) -> Path:
    """The job's own folder; may not exist."""
    return Path(str(settings.IMPORT_FILES_DIR)) / str(job_id)


def roll_of(job: ImportJob) -> Path:
    """The uploaded file under a name that messages can show; may be gone."""
    return folder_of(job.pk) / "in" / shown_name(job.file_name)


def shown_name(name: str) -> str:
    """A file name that messages can show and that leads nowhere else."""
    return re.sub(r"[^\w.()（）-]+", "_", name)[-60:].lstrip(".") or "file"


def rejects_of(job: ImportJob) -> Path:
    """The workbook of rejected rows; may be gone."""
    return folder_of(job.pk) / "rejects.xlsx"


def store(job: ImportJob, chunks: Iterable[bytes]) -> str:
    """Write the upload down and give back its SHA-256."""
    path = _make_folder(job)
    checksum = hashlib.sha256()
    path.touch(mode=0o600)
    with path.open("wb") as stream:
        for chunk in chunks:
            checksum.update(chunk)
            stream.write(chunk)
    return checksum.hexdigest()


def take_over(job: ImportJob, checked: ImportJob) -> None:
    """Move a checked file to the job that imports it."""
    roll_of(checked).rename(_make_folder(job))


def check_content(path: Path) -> None:
    """Raise SheetRefused for what is no spreadsheet, whatever its name says.

    The header of a CSV is checked too; a workbook is opened by the worker, since that takes a
    while.
    """
    if not is_workbook(path):
        open_sheet(path, COLUMNS)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return
    except zipfile.BadZipFile:
        pass
    raise SheetRefused(_("The file is no readable XLSX: open it in Excel and save it again."))


def forget_roll(job: ImportJob) -> None:
    """Delete the uploaded file."""
    roll_of(job).unlink(missing_ok=True)


def forget(job_id: int) -> None:
    """Delete everything of the job."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)


def _make_folder(job: ImportJob) -> Path:
    path = roll_of(job)
    for folder in reversed(path.parents[:3]):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
