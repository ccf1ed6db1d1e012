"""A backup brought back into an empty database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backup.manifest import keys_fit
from config.backup.restoring import check_backup, read_manifest, require_empty, restore_backup
from enrollment.console.commands import PortalCommand, Refusal, Report


class Command(PortalCommand):
    """Into an empty database only; then counts and sums are compared, ledger and chain proved.

    Exit status 1 when something is not as in the backup, ledger or audit chain do not prove, or
    the keys at hand do not open the restored data.
    """

    help = "Restores a backup into an empty database and proves it."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """Which file, into which database, files where to."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", required=True, metavar="DATABASE_URL")
        parser.add_argument("--files-to", type=Path, default=None, metavar="FOLDER")

    def run(self, **options: Any) -> Report:
        """Check, restore, compare, prove."""
        file, url = options["file"], options["into"]
        if not file.is_file():
            raise Refusal(_("There is no file %(file)s: check the path.") % {"file": file})
        if options["dry_run"]:
            manifest = read_manifest(file)
            check_backup(file, manifest)
            require_empty(url)
            fit = keys_fit(manifest["keys"])
            rows = sum(manifest["counts"].values())
            return Report(
                {"made_at": manifest["made_at"], "rows": rows, "keys_fit": fit}, look_at_it=not fit
            )
        began = timezone.now()
        done = restore_backup(file, url, options["files_to"])
        if not done.keys_fit:
            self.note(_("These are not the keys of the backup: sealed fields cannot be read."))
        ledger = _prove(url, "verify_ledger")
        head = done.manifest.get("audit_head")  # none: made before there was a chain
        audit = (
            _prove(url, "verify_audit", "--head", f"{head['number']}:{head['digest']}")
            if head
            else None
        )
        wrong = bool(done.differences) or not done.keys_fit or not ledger or audit is False
        return Report(
            {
                "made_at": done.manifest["made_at"],
                "tables": len(done.manifest["counts"]),
                "rows": sum(done.manifest["counts"].values()),
                "files": done.files,
                "differences": done.differences,
                "keys_fit": done.keys_fit,
                "ledger": ledger,
                "audit": audit,
                "seconds": (timezone.now() - began).seconds,
            },
            look_at_it=wrong,
        )


def _prove(url: str, command: str, *arguments: str) -> bool:
    """Whether the command proves the restored rows, in a process of its own on them."""
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return bool(json.loads(done.stdout.splitlines()[-1])["ok"])
    except (IndexError, ValueError, KeyError):
        return False
