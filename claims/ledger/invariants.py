"""What a check of `verify_ledger` is, and what it finds."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Check:
    """One invariant: a statement whose rows are its violations."""

    name: str
    label: str | Promise
    sql: str
    values: Any = None


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, as `verify_ledger` prints it."""

    name: str
    ok: bool
    detail: str
