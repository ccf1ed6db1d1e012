"""What a command that proves something found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, as `verify_ledger` and `verify_audit` print it."""

    name: str
    ok: bool
    detail: str
