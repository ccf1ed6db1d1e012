"""`manage.py load_divisions FILE --root CODE`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.divisions.services import load_divisions
from enrollment.sheets import SheetRefused


class Command(PortalCommand):
    """Loads one region's administrative divisions."""

    help = "Loads one region's administrative divisions from the national list."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The file and the region."""
        parser.add_argument("file", help="CSV with code, name, level, parent_code")
        parser.add_argument("--root", required=True, help="code of the region, 6 or 12 digits")

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Load and count."""
        try:
            return load_divisions(
                Path(options["file"]), options["root"], dry_run=options["dry_run"]
            )
        except SheetRefused as refused:
            raise Refusal(refused) from refused
