"""A backup of database and uploaded files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backup.making import make_backup, old_backups, remove_backup
from enrollment.console.commands import PortalCommand, Refusal


class Command(PortalCommand):
    """One file with the dump, the uploaded files and a manifest; the keys are never in it."""

    help = "Makes a backup of the database and the uploaded files (without the keys)."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """Where to, and how many stay."""
        parser.add_argument("--to", type=Path, default=None, help="folder (default: var/backups)")
        parser.add_argument(
            "--keep", type=int, default=0, help="delete all but the newest so many (0: none)"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Make it, then let the oldest go."""
        folder: Path = options["to"] or Path(settings.PORTAL_DATA_DIR) / "backups"
        keep: int = options["keep"]
        if keep < 0:
            raise Refusal(_("--keep is a number of backups: 0 keeps all."))
        if options["dry_run"]:
            return {"to": str(folder), "would_delete": [str(p) for p in old_backups(folder, keep)]}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            began = timezone.now()
            made = make_backup(folder, at=timezone.localtime(began))
            gone = old_backups(folder, keep)
            for path in gone:
                remove_backup(path)
        except OSError as error:
            raise Refusal(
                _("The backup cannot be written to %(folder)s: %(said)s")
                % {"folder": folder, "said": error.strerror}
            ) from error
        self.note(_("The keys are not in the backup: keep them in another place."))
        return {
            "file": str(made.path),
            "bytes": made.path.stat().st_size,
            "sha256": made.sha256,
            "tables": len(made.manifest["counts"]),
            "rows": sum(made.manifest["counts"].values()),
            "files": len(made.manifest["files"]),
            "deleted": [str(path) for path in gone],
            "seconds": (timezone.now() - began).seconds,
        }
