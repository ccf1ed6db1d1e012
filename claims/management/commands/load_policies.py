"""`manage.py load_policies PATH [--approve-as USER]`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.benefit.loading import load_schemes_with_data
from claims.benefit.parameters import SchemeError
from claims.policies.services import PolicyInvalid, approve_proposal, propose_scheme
from enrollment.access.models import User
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.transitions.table import TransitionRefused


class Command(PortalCommand):
    """Loads benefit policies from YAML as proposals; prints rows created, unchanged, refused.

    One proposal per scheme that says something new. The same files again change nothing.
    """

    help = "Loads benefit policies from YAML as proposed; another person approves them."
    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """A file or a folder, and who approves in a demonstration."""
        parser.add_argument("path", metavar="PATH", help="a YAML file or a folder of them")
        parser.add_argument(
            "--approve-as",
            metavar="USER",
            help="approve at once in this person's name (demonstrations only)",
        )

    def run(self, **options: Any) -> Report | Mapping[str, Any] | None:
        """Propose scheme by scheme, all in one transaction."""
        approver = self._approver(options["approve_as"])
        try:
            schemes = load_schemes_with_data(Path(options["path"]))
        except SchemeError as error:
            raise Refusal(error.say(options["lang"])) from error
        counts = {"created": 0, "unchanged": 0, "refused": 0}
        with transaction.atomic():
            for scheme, data in schemes:
                title = _("%(name)s: loaded from a file") % {
                    "name": scheme.name.in_(options["lang"])
                }
                try:
                    made = propose_scheme(data, title=title, actor=None, at=timezone.now())
                    if approver is not None and made.proposal is not None:
                        approve_proposal(made.proposal, actor=approver, at=timezone.now())
                except PolicyInvalid as invalid:
                    counts["refused"] += 1
                    self.note(f"{scheme.code}: {invalid}")
                    continue
                except TransitionRefused as refused:
                    raise Refusal(refused) from refused
                counts["created"] += made.created
                counts["unchanged"] += made.unchanged
            transaction.set_rollback(options["dry_run"])
        return Report(counts, look_at_it=counts["refused"] > 0)

    def _approver(self, username: str | None) -> User | None:
        if username is None:
            return None
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist as error:
            raise Refusal(
                _("There is no account %(name)s: check --approve-as.") % {"name": username}
            ) from error
