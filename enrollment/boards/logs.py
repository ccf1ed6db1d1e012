"""What was looked at and changed lately, for those who read the logs."""

from datetime import timedelta

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.boards.registry import Board, Figure, register_board
from enrollment.desk.queues import capped, shown_count
from enrollment.desk.tags import Label
from enrollment.residents.models import AccountChange, Unmasking

DAYS = 30
_LOGS: tuple[tuple[Label, type[Model], str], ...] = (
    (_("Looks at full numbers"), Unmasking, "unmasking"),
    (_("Account changes"), AccountChange, "accountchange"),
)


def lately(user: User) -> Board:
    """Looks at full numbers, and changes of accounts, of the last 30 days; two statements."""
    since = timezone.localdate() - timedelta(days=DAYS - 1)
    figures = []
    for label, model, name in _LOGS:
        if user.has_perm(f"enrollment.view_{name}"):
            count = capped(model._default_manager.filter(at__date__gte=since))
            url = reverse(f"admin:enrollment_{name}_changelist")
            figures.append(
                Figure(label, shown_count(count), f"{url}?at__date__gte={since.isoformat()}")
            )
    return Board("logs", _("Logs of the last 30 days"), figures)


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_board(
        "logs",
        _("Logs of the last 30 days"),
        lately,
        permission="enrollment.view_unmasking",
        order=80,
        statements=2,
    )
