"""The base of every command of the portal.

A command prints one JSON object on standard output, everything else on standard error,
and ends with 0 (done), 1 (done, but something must be looked at) or 2 (refused, nothing
written). Usage:

    class Command(PortalCommand):
        help = "Imports an enrolment roll."
        writes = True                               # adds --dry-run

        def add_options(self, parser):
            parser.add_argument("file")

        def run(self, *, file, dry_run, **options):
            if not Path(file).is_file():
                raise Refusal(_("There is no file %(file)s: check the path.") % {"file": file})
            counts = import_roll(file, dry_run=dry_run)
            return Report(counts, look_at_it=counts["rejected"] > 0)

`run` may return a `Report`, a plain mapping (exit status 0) or None when it has printed
its own lines with `emit`. Django's system checks are off: a command that needs no
database opens none.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import Any

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation

from enrollment.console.database import remedy

LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Refusal(CommandError):
    """The command does nothing: bad arguments or input. Exit status 2.

    The message says what is wrong, where, and what to do.
    """

    def __init__(self, message: object) -> None:
        """Keep the message; lazy translations are resolved when printed."""
        super().__init__(str(message), returncode=2)


@dataclass(frozen=True)
class Report:
    """What a command prints, and whether somebody must look at it (exit status 1)."""

    data: Mapping[str, Any]
    look_at_it: bool = False


def json_line(data: Mapping[str, Any]) -> str:
    """One line of JSON: amounts as strings with their decimals, dates ISO, Chinese as it is.

    >>> json_line({"paid": Decimal("12.50"), "on": date(2026, 9, 1)})
    '{"paid": "12.50", "on": "2026-09-01"}'
    """
    return json.dumps(data, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


class PortalCommand(BaseCommand):
    """A command with `--lang zh|en`, JSON on standard output and exit status 0, 1 or 2."""

    writes = False
    requires_system_checks: list[str] = []

    def add_options(self, parser: CommandParser) -> None:
        """Override to add the command's own arguments."""

    def run(self, *args: Any, **options: Any) -> Report | Mapping[str, Any] | None:
        """Override: do the work; raise Refusal to end with exit status 2."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the shared options, then the command's own."""
        parser.add_argument(
            "--lang", choices=sorted(LANGUAGES), default="zh", help="zh (default) or en"
        )
        if self.writes:
            parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        self.add_options(parser)

    def emit(self, data: Mapping[str, Any]) -> None:
        """Print one JSON object on a line of its own."""
        self.stdout.write(json_line(data))

    def note(self, text: object) -> None:
        """Tell the operator something, on standard error."""
        self.stderr.write(str(text), style_func=str)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run in the chosen language; on the command line turn errors into exit status 2."""
        on_console = getattr(self, "_called_from_command_line", False)
        if on_console:
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, TextIOWrapper):
                    stream.reconfigure(encoding="utf-8")
        try:
            name = type(self).__module__.rpartition(".")[2]
            language = LANGUAGES[options.get("lang") or "zh"]
            with translation.override(language), pghistory.context(command=name):
                return self._execute(*args, **options)
        except CommandError as refusal:
            if not on_console or options.get("traceback"):
                raise
            self.stderr.write(str(refusal))
            sys.exit(2)
        except BrokenPipeError:
            # The reader (`| head`) has left; say nothing more, also not at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def _execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (DatabaseError, ImproperlyConfigured) as error:
            said = remedy(error)
            if said is None:
                raise
            raise Refusal(said) from error

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command, print its report, end with 1 when it must be looked at."""
        report = self.run(**options)
        if report is None:
            return
        if not isinstance(report, Report):
            report = Report(report)
        self.emit(report.data)
        if report.look_at_it:
            self.stdout.flush()
            sys.exit(1)
