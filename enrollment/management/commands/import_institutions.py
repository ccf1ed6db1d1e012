"""`manage.py import_institutions FILE`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.institutions.imports import import_institutions
from enrollment.sheets import SheetRefused


class Command(PortalCommand):
    """Imports institutions with their agreements."""

    help = "Imports institutions with their agreements (CSV or XLSX)."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The file, and where rejected rows go."""
        parser.add_argument("file", help="CSV or XLSX")
        parser.add_argument("--rejects", help="CSV or XLSX for the rejected rows")

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Import and count."""
        try:
            result = import_institutions(
                Path(options["file"]),
                rejects_to=Path(options["rejects"]) if options["rejects"] else None,
                dry_run=options["dry_run"],
            )
        except (SheetRefused, ImproperlyConfigured) as refused:
            raise Refusal(refused) from refused
        for warning in result.warnings:
            self.note(warning)
        if result.rejected and not options["rejects"]:
            self.note(_("Add --rejects FILE to see which rows were rejected, and why."))
        return Report(result.counts(), look_at_it=result.rejected > 0)
