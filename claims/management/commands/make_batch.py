"""`manage.py make_batch --as USER`: puts all pending payment orders into one batch."""

from typing import Any

from django.utils import timezone

from claims.payments.console import PaymentCommand
from claims.payments.services import make_batch
from enrollment.access.models import User
from enrollment.console.commands import Report


class Command(PaymentCommand):
    """Puts a payment batch together; another person approves it."""

    help = "Puts all pending payment orders that have an account into one batch."

    def act(self, *, actor: User, **_options: Any) -> Report:
        """Make the batch."""
        made = make_batch(actor=actor, at=timezone.now())
        return Report(
            {
                "batch": made.batch.number,
                "orders": made.batch.orders_count,
                "total": made.batch.total,
                "without_account": made.without_account,
            },
            look_at_it=made.without_account > 0,
        )
