"""`manage.py import_roll FILE --year Y`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.roll.services import import_roll
from enrollment.sheets import SheetRefused


class Command(PortalCommand):
    """Imports an enrolment roll."""

    help = "Imports an enrolment roll (CSV or XLSX, Chinese or English headers) of any size."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The file, its year, and where rejected rows go."""
        parser.add_argument("file", help="CSV or XLSX")
        parser.add_argument("--year", type=int, required=True, help="benefit year")
        parser.add_argument("--rejects", help="CSV or XLSX for the rejected rows")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="one rejected row: nothing is written"
        )

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Import and count."""
        if not 2000 <= options["year"] <= 2100:
            raise Refusal(_("The benefit year must lie between 2000 and 2100."))
        try:
            result = import_roll(
                Path(options["file"]),
                options["year"],
                at=timezone.now(),
                rejects_to=Path(options["rejects"]) if options["rejects"] else None,
                all_or_nothing=options["all_or_nothing"],
                dry_run=options["dry_run"],
            )
        except (SheetRefused, ImproperlyConfigured) as refused:
            raise Refusal(refused) from refused
        for warning in result.warnings:
            self.note(warning)
        if result.rejected and not options["rejects"]:
            self.note(_("Add --rejects FILE to see which rows were rejected, and why."))
        if result.refused:
            self.emit(result.counts())
            raise Refusal(
                _("%(count)d rows were rejected, so nothing was written: correct them first.")
                % {"count": result.rejected}
            )
        return Report(result.counts(), look_at_it=result.rejected > 0)
