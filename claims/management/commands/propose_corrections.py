"""`manage.py propose_corrections --cause policy|identity --scheme CODE --from DATE`."""

import argparse
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.corrections.models import Cause
from claims.corrections.services import propose_correction
from claims.policies.selectors import NoPolicyApproved, scheme_in_force
from claims.rounds.models import CorrectionRound
from claims.rounds.services import years_touched
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.models import Person
from enrollment.transitions.table import TransitionRefused


class Command(PortalCommand):
    """Proposes a correction for every settled year that a policy or an identity changes.

    Prints years found, proposed, unchanged and refused, with the sums. The same again proposes
    nothing new; another person approves each.
    """

    help = "Proposes corrections of the settled years that a policy or an identity changes."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The cause, the scheme and the first day of discharge."""
        causes = [cause for cause, _label in CorrectionRound.CAUSES]
        parser.add_argument("--cause", choices=causes, default=Cause.POLICY.value)
        parser.add_argument("--scheme", required=True, metavar="CODE")
        parser.add_argument("--from", dest="since", required=True, type=_day, metavar="DATE")

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Year by year, each in a transaction of its own."""
        try:
            policy = scheme_in_force(options["scheme"])
        except NoPolicyApproved as refused:
            raise Refusal(refused) from refused
        years = years_touched(options["cause"], options["scheme"], policy.version, options["since"])
        persons = Person.objects.in_bulk({one.person_id for one in years})
        counts = {"found": len(years), "proposed": 0, "unchanged": 0, "refused": 0}
        note = _("Policy version %(version)s, from %(day)s") % {
            "version": policy.version,
            "day": options["since"],
        }
        for one in years:
            try:
                with transaction.atomic():
                    made = propose_correction(
                        persons[one.person_id],
                        one.year,
                        cause=options["cause"],
                        note=note,
                        actor=None,
                        at=timezone.now(),
                    )
                    transaction.set_rollback(options["dry_run"])
            except TransitionRefused as refused:
                counts["refused"] += 1
                self.note(f"{one.person_id} {one.year}: {refused}")
                continue
            counts["proposed" if made.created else "unchanged"] += 1
        return Report(counts, look_at_it=counts["refused"] > 0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no date: write 2026-09-01") % {"text": text}
        ) from error
