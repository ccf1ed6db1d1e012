"""`manage.py dump_policies SCHEME [--up-to N]`."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from claims.policies.selectors import approved_data
from claims.policies.writing import as_yaml
from enrollment.console.commands import PortalCommand, Refusal


class Command(PortalCommand):
    """Writes a scheme's approved policy as the YAML that `load_policies` reads."""

    help = "Writes an approved benefit scheme as YAML to standard output."

    def add_options(self, parser: CommandParser) -> None:
        """The scheme's code, and which version of it."""
        parser.add_argument("scheme", metavar="SCHEME", help="the scheme's code")
        parser.add_argument(
            "--up-to", type=int, metavar="N", help="as of version N (default: the newest)"
        )

    def run(self, *, scheme: str, up_to: int | None, **options: Any) -> None:
        """Write it."""
        try:
            data = approved_data(scheme, up_to)
        except KeyError as error:
            raise Refusal(
                _("No approved policy of the benefit scheme “%(code)s”.") % {"code": scheme}
            ) from error
        self.stdout.write(as_yaml(data), ending="")
