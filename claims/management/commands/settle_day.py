"""`manage.py settle_day --on DATE [--shards N]`: the night's settlement."""

import time
from argparse import ArgumentTypeError
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.settlement.services import settle_up_to
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.transitions.table import TransitionRefused

PROGRESS_SECONDS = 2


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("%(text)s is no date: write 2026-09-01") % {"text": text}) from (
            error
        )


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise ArgumentTypeError(_("%(text)s is not a number from 1 to 64") % {"text": text})
    return int(text)


class Command(PortalCommand):
    """Settles all claims approved up to a day; resumes a run that was killed."""

    help = "Settles all claims approved up to a day."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """The day, and how many tasks to spread the work over."""
        parser.add_argument("--on", type=_day, required=True, metavar="DATE")
        parser.add_argument("--shards", type=_count, metavar="N")

    def run(self, *, on: date, shards: int | None, dry_run: bool, **_options: Any) -> Report:
        """Settle, then print the run's figures."""
        started = time.monotonic()
        told = started

        def progress(done: int, found: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                self.note(_("%(done)s of %(found)s claims done") % {"done": done, "found": found})

        try:
            with transaction.atomic() if dry_run else nullcontext():
                result = settle_up_to(
                    on,
                    actor=None,
                    at=timezone.now(),
                    shards=None if dry_run else shards,
                    progress=progress,
                )
                if dry_run:
                    transaction.set_rollback(True)
        except TransitionRefused as refused:
            raise Refusal(refused) from refused
        return Report(
            {
                "run": result.run.pk,
                "claims": result.claims,
                "persons": result.persons,
                "paid": result.paid,
                "held": result.held,
                "failed": result.failed,
                "seconds": round((time.monotonic() - started) * 100) / 100,
                "resumed": result.resumed,
            },
            look_at_it=result.failed > 0,
        )
