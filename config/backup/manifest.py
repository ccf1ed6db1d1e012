"""What a backup says about itself, so that a restore can be compared with it."""

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from enrollment.privacy.crypto import UnreadableValue, digest, seal, unseal

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
FILES = "files/"
_PROBE = "portal backup"

# Sums that must come back to the fen.
_SUMS = {
    "claims_claim.total": "SELECT coalesce(sum(total), 0) FROM claims_claim",
    "claims_settledclaim.paid": "SELECT coalesce(sum(paid), 0) FROM claims_settledclaim",
    "claims_posting.debit": "SELECT coalesce(sum(debit), 0) FROM claims_posting",
    "claims_posting.credit": "SELECT coalesce(sum(credit), 0) FROM claims_posting",
    "claims_paymentorder.amount": "SELECT coalesce(sum(amount), 0) FROM claims_paymentorder",
    "supervision_recovery.amount": "SELECT coalesce(sum(amount), 0) FROM supervision_recovery",
    "supervision_fine.amount": "SELECT coalesce(sum(amount), 0) FROM supervision_fine",
}


def database_facts(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Rows of every table of the portal, sums of money, applied migrations, the chain's head.

    Called inside the snapshot that is dumped, so that figures and dump are of one moment.
    """
    present = set(connection.introspection.table_names())
    tables = sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True)} & present
    )
    quote = connection.ops.quote_name
    counts, sums = {}, {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608  our own names
            counts[table] = int(_one(cursor.fetchone()))
        for name, query in _SUMS.items():
            if name.partition(".")[0] in present:
                cursor.execute(query)
                sums[name] = str(_one(cursor.fetchone()))
        head = None
        if "enrollment_auditlink" in present:
            cursor.execute(
                "SELECT number, digest FROM enrollment_auditlink ORDER BY number DESC LIMIT 1"
            )
            if row := cursor.fetchone():
                head = {"number": row[0], "digest": row[1]}
        # Not Django's recorder: it asks the portal's own database, whatever connection it gets.
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        applied = [name for (name,) in cursor.fetchall()]
    return {"counts": counts, "sums": sums, "migrations": sorted(applied), "audit_head": head}


def key_probe() -> dict[str, str]:
    """A sealed word and a digest, by which a restore sees whether the keys at hand are right.

    Neither tells anything about the keys.
    """
    return {"sealed": seal(_PROBE).hex(), "digest": digest(_PROBE, "backup").hex()}


def keys_fit(probe: dict[str, str]) -> bool:
    """Whether the keys of this installation open the backup's sealed fields."""
    try:
        opened = unseal(bytes.fromhex(probe["sealed"]))
    except UnreadableValue:
        return False
    known = digest(_PROBE, "backup").hex()
    return opened == _PROBE and hmac.compare_digest(known, probe["digest"])


def file_name(at: datetime) -> str:
    """`portal-20261125-043000.backup`."""
    return f"portal-{at:%Y%m%d-%H%M%S}.backup"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _one(row: Any) -> Any:
    return row[0] if row else 0
