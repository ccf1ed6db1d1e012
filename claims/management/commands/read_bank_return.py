"""`manage.py read_bank_return BATCH FILE --as USER`: what the bank says about a batch."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.payments.console import PaymentCommand
from claims.payments.exchange import read_bank_return
from claims.payments.services import batch_numbered
from enrollment.access.models import User
from enrollment.console.commands import Refusal, Report


class Command(PaymentCommand):
    """Books a bank return; all of the file or nothing."""

    help = "Reads the bank's return file of a payment batch."

    def add_options(self, parser: CommandParser) -> None:
        """Which batch, and the file."""
        super().add_options(parser)
        parser.add_argument("batch")
        parser.add_argument("file", type=Path)

    def act(self, *, actor: User, batch: str, file: Path, **_options: Any) -> Report:
        """Read it."""
        found = batch_numbered(batch)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise Refusal(
                _("%(file)s cannot be read (%(reason)s): check the path.")
                % {"file": file, "reason": error.strerror}
            ) from error
        result = read_bank_return(found, data, actor=actor, at=timezone.now())
        return Report(
            {
                "batch": found.number,
                "paid": result.paid,
                "failed": result.failed,
                "total": result.paid_total,
                "closed": result.closed,
            },
            look_at_it=result.failed > 0,
        )
