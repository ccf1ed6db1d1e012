"""`manage.py load_demo [--scale small|full] [--seed N] [--on DATE]`."""

from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo.county.accounts import account_list, demo_password, renew_passwords
from config.demo.county.loading import FULL, SMALL, RealDataPresent, load_county
from enrollment.chain.services import extend_chain
from enrollment.console.commands import PortalCommand, Refusal, Report

SCALES = {"small": SMALL, "full": FULL}


class Command(PortalCommand):
    """Loads the demonstration county; a second run changes nothing and says so."""

    help = "Loads the demonstration county (invented people) into an empty database."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The size, the seed, the day."""
        parser.add_argument("--scale", choices=sorted(SCALES), default="small")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
        parser.add_argument(
            "--on", help="day of the demonstration, such as 2026-09-01 (default: today)"
        )

    def run(self, **options: Any) -> Report:
        """Load, say how near the settled year came to the report, and list the accounts."""
        started = perf_counter()
        password = demo_password(settings.PORTAL_DATA_DIR)
        try:
            county = load_county(
                on=_day(options["on"]),
                seed=options["seed"],
                scale=SCALES[options["scale"]],
                password=password,
                dry_run=options["dry_run"],
                tell=self.note,
            )
        except RealDataPresent as refused:
            raise Refusal(refused) from refused
        if not county.loaded:
            self.note(_("The demonstration county is loaded already: nothing was changed."))
            if not options["dry_run"] and renew_passwords(password):
                self.note(_("The accounts have a new password."))
        elif not options["dry_run"]:
            extend_chain(at=timezone.now())
        report = {
            "loaded": county.loaded,
            "residents": county.residents,
            "special_groups": county.special,
            "institutions": county.institutions,
            "claims": county.claims,
            "seconds": _seconds(perf_counter() - started),
        }
        if county.loaded:
            report["stages"] = {name: _seconds(took) for name, took in county.seconds.items()}
            report["year"] = [one.printed() for one in county.year]
            report["ledger_true"] = county.proved
        report["accounts"] = account_list(password)
        return Report(report, look_at_it=not county.proved)


def _seconds(took: float) -> str:
    return str(round(took, 1))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise Refusal(
            _("“%(text)s” is no day: write it like 2026-09-01.") % {"text": text}
        ) from error
