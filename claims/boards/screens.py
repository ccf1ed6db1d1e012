"""The boards of claims: for those who read the books."""

from django.utils.translation import gettext_lazy as _

from claims.boards import fund, work
from enrollment.boards.registry import register_board


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    for order, key, title, provider, statements in (
        (10, "fund", _("Benefit expense this year"), fund.fund_this_year, 2),
        (20, "waiting", _("Claims waiting"), work.claims_waiting, 2),
        (30, "payments", _("Payments under way"), work.payments_stuck, 1),
    ):
        register_board(
            key,
            title,
            provider,
            permission="claims.view_posting",
            order=order,
            statements=statements,
        )
