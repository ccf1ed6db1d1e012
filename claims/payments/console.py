"""What the payment commands share: who acts, and refusals as exit status 2."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.console.commands import PortalCommand, Refusal, Report
from enrollment.transitions.table import TransitionRefused


class PaymentCommand(PortalCommand):
    """A command that acts as a member of staff: `--as USER`, with that person's permissions."""

    writes = True

    def add_options(self, parser: CommandParser) -> None:
        """Who acts."""
        parser.add_argument("--as", dest="username", required=True, metavar="USER")

    def act(self, *args: Any, **options: Any) -> Report:
        """Override: do the work and report; `actor` is among the options."""
        raise NotImplementedError

    def run(self, *, username: str, dry_run: bool, **options: Any) -> Report:
        """Find the actor, act in one transaction, keep nothing on a dry run."""
        actor = User.objects.filter(username=username, is_active=True).first()
        if actor is None:
            raise Refusal(
                _("There is no active member of staff “%(name)s”: check --as.") % {"name": username}
            )
        try:
            with transaction.atomic():
                report = self.act(actor=actor, dry_run=dry_run, **options)
                if dry_run:
                    transaction.set_rollback(True)
        except TransitionRefused as refused:
            raise Refusal(refused) from refused
        return report
