"""The file between looking and confirming: kept on the server, named by a signed token.

Nobody else's file can be confirmed, nor another than the one that was shown; what is not
confirmed within a day is deleted with the files of roll imports.
"""

import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from enrollment.sheets import SheetRefused

MAX_BYTES = 5 << 20
_DAY = 24 * 60 * 60
_SALT = "enrollment.handfiles"


class Pending(NamedTuple):
    """A file that was shown, and what it would do."""

    path: Path
    fingerprint: str


def keep(name: str, chunks: Iterable[bytes]) -> Path:
    """Write an upload down under a name that messages can show."""
    folder = _root() / uuid.uuid4().hex
    for one in (_root().parent, _root(), folder):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / (
        "".join(c for c in name if c.isalnum() or c in "-_.（）()")[-60:].lstrip(".") or "a"
    )
    path.touch(mode=0o600)
    with path.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
    return path


def token_for(path: Path, fingerprint: str, user_id: int, code: str) -> str:
    """What the confirm form carries."""
    place = path.relative_to(_root()).as_posix()
    return signing.dumps([place, fingerprint, user_id, code], salt=_SALT)


def pending(token: str, user_id: int, code: str) -> Pending:
    """The file of a token; raises SheetRefused when it is another's, too old or gone."""
    try:
        place, fingerprint, owner, kind = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature as error:
        raise SheetRefused(_("The file is no longer kept: upload it again.")) from error
    path = _root() / place
    if (owner, kind) != (user_id, code) or not path.is_file():
        raise SheetRefused(_("The file is no longer kept: upload it again."))
    return Pending(path, fingerprint)


def drop(path: Path) -> None:
    """Delete a file and its folder."""
    path.unlink(missing_ok=True)
    path.parent.rmdir()


def drop_old() -> int:
    """Delete what was not confirmed within a day; how many files."""
    limit = time.time() - _DAY
    old = [path for path in _root().glob("*/*") if path.stat().st_mtime < limit]
    for path in old:
        drop(path)
    return len(old)


def _root() -> Path:
    return Path(str(settings.IMPORT_FILES_DIR)) / "hand"
