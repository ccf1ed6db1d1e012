"""`manage.py verify_audit`: proves the audit chain anew from the rows it holds."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from enrollment.chain.checks import verify_chain
from enrollment.chain.heads import Head, heads_file, read_heads
from enrollment.chain.models import AuditLink
from enrollment.console.commands import PortalCommand, Refusal, Report


class Command(PortalCommand):
    """Exit status 1 when a row, a link or a noted head is not as it was."""

    help = "Proves the audit chain: nothing that was added was changed or taken away."

    def add_options(self, parser: CommandParser) -> None:
        """Which noted heads to compare with."""
        parser.add_argument(
            "--heads",
            type=Path,
            default=None,
            metavar="FILE",
            help="a copy of the file of heads (default: this installation's own)",
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a head noted elsewhere; given alone, the file is not read",
        )

    def run(self, **options: Any) -> Report:
        """Run all checks."""
        heads = [_head(text) for text in options["head"]]
        if options["heads"] is not None or not heads:
            heads += _noted(options["heads"])
        findings = list(verify_chain(heads))
        newest = AuditLink.objects.order_by("-number").first()
        ok = all(finding.ok for finding in findings)
        return Report(
            {
                "ok": ok,
                "head": {"number": newest.number, "digest": newest.digest} if newest else None,
                "checks": [asdict(finding) for finding in findings],
            },
            look_at_it=not ok,
        )


def _head(text: str) -> Head:
    number, colon, digest = text.partition(":")
    if not (colon and number.isdigit() and digest):
        raise Refusal(_("%(text)s is no head: write NUMBER:DIGEST.") % {"text": text})
    return Head(int(number), digest)


def _noted(given: Path | None) -> list[Head]:
    path = given or heads_file()
    if not path.is_file():
        if given is None:
            return []
        raise Refusal(_("There is no file %(file)s: check the path.") % {"file": path})
    try:
        return read_heads(path)
    except (ValueError, UnicodeDecodeError) as error:
        raise Refusal(
            _("Line %(line)s of %(file)s is no head: take another copy of the file.")
            % {"line": error, "file": path}
        ) from error
