"""`manage.py import_claims FILE`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.uploads.services import import_claims
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.models import User
from enrollment.sheets import SheetRefused
from enrollment.transitions.table import NotPermitted


class Command(PortalCommand):
    """Imports claims uploaded by designated institutions."""

    help = "Imports claims uploaded by designated institutions (CSV or XLSX) of any size."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The file, where rejected rows go, and in whose name."""
        parser.add_argument("file", help="CSV or XLSX")
        parser.add_argument("--rejects", help="CSV or XLSX for the rejected rows")
        parser.add_argument(
            "--as",
            dest="actor",
            metavar="USER",
            help="login name in whose name the claims come in (default: the upload account)",
        )

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Import and count."""
        actor = None
        if options["actor"]:
            actor = User.objects.filter(username=options["actor"], is_active=True).first()
            if actor is None:
                raise Refusal(
                    _("There is no active account “%(name)s”: check the login name.")
                    % {"name": options["actor"]}
                )
        try:
            result = import_claims(
                Path(options["file"]),
                at=timezone.now(),
                actor=actor,
                rejects_to=Path(options["rejects"]) if options["rejects"] else None,
                dry_run=options["dry_run"],
            )
        except (SheetRefused, NotPermitted) as refused:
            raise Refusal(refused) from refused
        for warning in result.warnings:
            self.note(warning)
        if result.rejected and not options["rejects"]:
            self.note(_("Add --rejects FILE to see which rows were rejected, and why."))
        return Report(result.counts(), look_at_it=result.rejected > 0)
