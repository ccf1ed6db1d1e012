"""The settlement's and the ledger's pages and queues."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.ledger import admin_views as ledger_views
from claims.settlement import admin_views
from claims.settlement.selectors import unfinished_runs
from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, capped, register_queue
from enrollment.desk.tags import Tone


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "payments",
        _("Settlement runs"),
        "admin:claims_settlementrun_changelist",
        permission="claims.view_settlementrun",
        order=10,
        hint=_("What each nightly run settled, held and posted."),
        whole_county=True,
    )
    register_page(
        "payments",
        _("Trial balance"),
        "admin:claims_ledger_balance",
        permission="claims.view_posting",
        order=50,
        hint=_("The books of each payer, and their proof."),
        whole_county=True,
    )
    register_page(
        "payments",
        _("Ledger entries"),
        "admin:claims_entry_changelist",
        permission="claims.view_entry",
        order=60,
        hint=_("Every event in the books, with what is behind it."),
        whole_county=True,
    )
    register_view(
        "settlement/settle/",
        admin_views.settle_now,
        "claims_settlement_settle",
        permission="claims.run_settlement",
        whole_county=True,
    )
    register_view(
        "settlement/<int:pk>/progress/",
        admin_views.progress,
        "claims_settlement_progress",
        permission="claims.view_settlementrun",
        whole_county=True,
    )
    register_view(
        "ledger/balance/",
        ledger_views.balance,
        "claims_ledger_balance",
        permission="claims.view_posting",
        whole_county=True,
    )
    register_queue("claims.run_settlement", _unfinished, order=50, whole_county=True)


def _unfinished(_user: User) -> Queue:
    return Queue(
        key="unfinished_runs",
        title=_("Unfinished settlement"),
        count=capped(unfinished_runs()),
        url=reverse("admin:claims_settlementrun_changelist") + "?state__exact=running",
        hint=_("Running now, or interrupted: the next settlement takes it up again."),
        tone=Tone.BLUE,
    )
