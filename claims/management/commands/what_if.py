"""`manage.py what_if --proposal N --year Y`: a draft policy on a year's settled claims."""

import time
from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.policies.models import PolicyProposal
from claims.whatif.figures import plain_report
from claims.whatif.models import WhatIfRun
from claims.whatif.services import ask_what_if, run_what_if
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.transitions.table import TransitionRefused

PROGRESS_SECONDS = 2


class Command(PortalCommand):
    """Runs a draft policy on a year's settled claims, against the approved one."""

    help = "Runs a draft policy on a year's settled claims and compares it with the approved one."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """Which proposal, which benefit year."""
        parser.add_argument("--proposal", type=int, required=True, metavar="N")
        parser.add_argument("--year", type=int, required=True, metavar="Y")
        parser.add_argument(
            "--as-dated",
            action="store_true",
            help="each new value from its own day, not as if it had held the whole year",
        )

    def run(
        self, *, proposal: int, year: int, as_dated: bool, dry_run: bool, **_options: Any
    ) -> Report:
        """Keep the run for the screen and print its figures; a dry run keeps nothing."""
        started = told = time.monotonic()
        draft = PolicyProposal.objects.filter(pk=proposal).first()
        if draft is None:
            raise Refusal(
                _("There is no policy proposal %(number)s: see the list of proposals.")
                % {"number": proposal}
            )

        def progress(done: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                self.note(_("%(done)s claims done") % {"done": done})

        try:
            with transaction.atomic() if dry_run else nullcontext():
                run = ask_what_if(
                    draft,
                    year,
                    actor=None,
                    at=timezone.now(),
                    send=False,
                    whole_year=not as_dated,
                )
                run_what_if(run.pk, at=timezone.now(), tell=progress)
                run.refresh_from_db()
                if dry_run:
                    transaction.set_rollback(True)
        except TransitionRefused as refused:
            raise Refusal(refused) from refused
        if run.state != WhatIfRun.State.DONE:
            raise Refusal(run.message or _("The run is being worked on by another process."))
        return Report(
            {
                "run": None if dry_run else run.pk,
                **plain_report(run),
                "seconds": round((time.monotonic() - started) * 100) / 100,
            },
            look_at_it=bool(run.result and run.result["left_out"]["reasons"]),
        )
