"""What a check of `verify_ledger` is."""

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
