"""`manage.py approve_batch BATCH --as USER`: releases a batch for payment."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from claims.payments.console import PaymentCommand
from claims.payments.services import approve_batch, batch_numbered
from enrollment.access.models import User
from enrollment.console.commands import Report


class Command(PaymentCommand):
    """Approves a payment batch; refused to whoever put it together."""

    help = "Approves a payment batch as a second person."

    def add_options(self, parser: CommandParser) -> None:
        """Which batch."""
        super().add_options(parser)
        parser.add_argument("batch")

    def act(self, *, actor: User, batch: str, **_options: Any) -> Report:
        """Approve it."""
        found = batch_numbered(batch)
        approve_batch(found, actor=actor, at=timezone.now())
        return Report({"batch": found.number, "orders": found.orders_count, "total": found.total})
