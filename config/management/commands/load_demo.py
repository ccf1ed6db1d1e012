"""`manage.py load_demo [--seed N] [--on DATE]`."""

from collections.abc import Mapping
from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo.county.accounts import account_list, demo_password, renew_passwords
from config.demo.county.loading import SMALL, RealDataPresent, load_county
from enrollment.console.commands import PortalCommand, Refusal

SCALES = {"small": SMALL}


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

    def run(self, **options: Any) -> Mapping[str, Any]:
        """Load, and list the accounts."""
        started = perf_counter()
        password = demo_password(settings.PORTAL_DATA_DIR)
        try:
            county = load_county(
                on=_day(options["on"]),
                seed=options["seed"],
                scale=SCALES[options["scale"]],
                password=password,
                dry_run=options["dry_run"],
            )
        except RealDataPresent as refused:
            raise Refusal(refused) from refused
        if not county.loaded:
            self.note(_("The demonstration county is loaded already: nothing was changed."))
            if not options["dry_run"] and renew_passwords(password):
                self.note(_("The accounts have a new password."))
        return {
            "loaded": county.loaded,
            "residents": county.residents,
            "institutions": county.institutions,
            "claims": county.claims,
            "seconds": str(round(perf_counter() - started, 1)),
            "accounts": account_list(password),
        }


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise Refusal(
            _("“%(text)s” is no day: write it like 2026-09-01.") % {"text": text}
        ) from error
