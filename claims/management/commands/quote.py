"""`manage.py quote`: what the schemes pay on a person's claims."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from claims.benefit.loading import load_schemes, shipped_schemes
from claims.benefit.parameters import SchemeError
from claims.benefit.scheme import Scheme
from claims.quoting.answering import answer_line
from claims.quoting.lines import physical_lines
from enrollment.console.commands import PortalCommand, Refusal


class Command(PortalCommand):
    """Quotes person-years, one JSON object per line; needs no database."""

    help = "Quotes person-years from JSON lines; reads no person and writes nothing."

    def add_options(self, parser: CommandParser) -> None:
        """FILE or - and --policies."""
        parser.add_argument("file", metavar="FILE", help="JSON lines, or - for standard input")
        parser.add_argument(
            "--policies", metavar="PATH", help="a YAML file or a folder of them to use instead"
        )

    def run(self, *, file: str, policies: str | None, lang: str, **options: Any) -> None:
        """Answer line by line; end with 1 when a line was refused."""
        schemes = self._schemes(policies, lang)
        refused_any = False
        with _opened(file) as stream:
            for number, raw in physical_lines(stream):
                answer, refused = answer_line(number, raw, schemes, lang)
                refused_any = refused_any or refused
                self.emit(answer)
        if refused_any:
            self.stdout.flush()
            sys.exit(1)

    def _schemes(self, policies: str | None, lang: str) -> Mapping[str, Scheme]:
        if policies is None:
            return shipped_schemes()
        try:
            return load_schemes(Path(policies))
        except SchemeError as error:
            raise Refusal(error.say(lang)) from error


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; errors of use pass through
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Refusal(
            _("The file %(file)s cannot be read (%(reason)s): check the path.")
            % {"file": file, "reason": reason}
        ) from error
    with stream:
        yield stream
