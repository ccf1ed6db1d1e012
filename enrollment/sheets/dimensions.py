"""Whether a workbook can be opened without filling the memory.

An XLSX is a ZIP: a small file can unpack to anything, and one cell in the last column of the
last row makes a sheet of seventeen thousand million cells.
"""

import re
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from enrollment.sheets.errors import SheetRefused

MAX_UNPACKED = 1 << 30
MAX_COLUMNS = 200
_CHUNK = 1 << 20
_WIDE = re.compile(rb'<c[^>]{0,40}? r="([A-Z]{3}|[H-Z][A-Z])[0-9]+"')


def check_dimensions(path: Path) -> None:
    """Raise SheetRefused for a workbook that unpacks too large or has far too many columns.

    Raises what `zipfile` raises for a broken archive.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise SheetRefused(
                _("%(file)s unpacks to more than 1 GB: split it, or save it as CSV.")
                % {"file": path.name}
            )
        for part in parts:
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                _check_width(archive, part, path)


def _check_width(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if _WIDE.search(tail + chunk):
                raise SheetRefused(
                    _("%(file)s has more than %(limit)d columns: delete what is beside the table.")
                    % {"file": path.name, "limit": MAX_COLUMNS}
                )
            tail = chunk[-64:]
