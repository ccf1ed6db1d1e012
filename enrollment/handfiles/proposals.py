"""What a file would change, line by line, before anybody confirms it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from enrollment.access.models import User
from enrollment.desk.tags import Label
from enrollment.sheets import Column, Reject

# Larger files are no handwork; a page of more lines is read by nobody.
MAX_ROWS = 2000


@dataclass(frozen=True)
class Change:
    """One record that appears (`before` empty) or changes.

    Attributes:
        title: which record, personal numbers masked.
        before, after: the values by column title that differ.
    """

    title: str
    before: dict[str, str]
    after: dict[str, str]

    @property
    def is_new(self) -> bool:
        """Whether the record is not there yet."""
        return not self.before

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(column, old, new)."""
        return [(key, self.before.get(key, ""), new) for key, new in self.after.items()]


@dataclass(frozen=True)
class Proposal:
    """Everything that the file would do; with faults it does nothing."""

    changes: Sequence[Change] = ()
    unchanged: int = 0
    faults: Sequence[Reject] = ()
    warnings: Sequence[str] = field(default=())

    @property
    def fingerprint(self) -> str:
        """Differs as soon as the same file would do something else."""
        text = repr((list(self.changes), self.unchanged, list(self.faults)))
        return hashlib.sha256(text.encode()).hexdigest()


# Looks at a file, and enters it unless `dry_run`; with faults nothing is entered.
Work = Callable[[Path, User, datetime, bool], Proposal]


@dataclass(frozen=True)
class HandFile:
    """A kind of file: what it is called, who may enter it, its columns, its work."""

    code: str
    title: Label
    hint: Label
    permission: str
    columns: Sequence[Column]
    work: Work
    back: str
