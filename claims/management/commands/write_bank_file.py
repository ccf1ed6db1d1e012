"""`manage.py write_bank_file BATCH OUT --as USER`: the bank file of an approved batch."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.payments.console import PaymentCommand
from claims.payments.exchange import write_bank_file
from claims.payments.services import batch_numbered
from enrollment.access.models import User
from enrollment.console.commands import Refusal, Report


class Command(PaymentCommand):
    """Writes the bank file; the same bytes each time."""

    help = "Writes the bank file of an approved payment batch."

    def add_options(self, parser: CommandParser) -> None:
        """Which batch, and where to."""
        super().add_options(parser)
        parser.add_argument("batch")
        parser.add_argument("out", type=Path)

    def act(self, *, actor: User, dry_run: bool, batch: str, out: Path, **_options: Any) -> Report:
        """Write it; the batch counts as sent only once the file is on disk."""
        found = batch_numbered(batch)
        data = write_bank_file(found, actor=actor, at=timezone.now())
        if not dry_run:
            try:
                out.write_bytes(data)
            except OSError as error:
                raise Refusal(
                    _("%(file)s cannot be written (%(reason)s): choose another place.")
                    % {"file": out, "reason": error.strerror}
                ) from error
        return Report(
            {
                "batch": found.number,
                "orders": found.orders_count,
                "total": found.total,
                "sha256": found.file_sha256,
            }
        )
