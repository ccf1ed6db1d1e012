"""Pages and queues of payment."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.payments import admin_views, selectors
from claims.payments.oldest import oldest_batches, oldest_orders
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, QueueProvider, capped, register_queue
from enrollment.desk.tags import Label, Tone

_BATCHES = "admin:claims_paymentbatch_changelist"
_ORDERS = "admin:claims_paymentorder_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "payments",
        _("Payment batches"),
        _BATCHES,
        permission="claims.view_paymentbatch",
        order=20,
        hint=_("Orders on their way to the bank, approved by a second person."),
        whole_county=True,
    )
    register_page(
        "payments",
        _("Payment orders"),
        _ORDERS,
        permission="claims.view_paymentorder",
        order=30,
        hint=_("Every amount owed, paid or failed."),
    )
    _register_views()
    _register_queues()


def _register_views() -> None:
    batch, order = "payments/batches/<int:pk>/", "payments/orders/<int:pk>/"
    for path, view, name, permission in (
        ("payments/batches/new/", admin_views.make, "paymentbatch_make", "claims.make_batch"),
        (
            f"{batch}approve/",
            admin_views.ApproveBatchView.as_view(),
            "paymentbatch_approve",
            "claims.approve_batch",
        ),
        (
            f"{batch}cancel/",
            admin_views.CancelBatchView.as_view(),
            "paymentbatch_cancel",
            "claims.approve_batch",
        ),
        (
            f"{batch}send/",
            admin_views.SendBatchView.as_view(),
            "paymentbatch_send",
            "claims.exchange_bank_files",
        ),
        (
            f"{batch}file/",
            admin_views.download,
            "paymentbatch_file",
            "claims.exchange_bank_files",
        ),
        (
            f"{batch}return/",
            admin_views.ReadReturnView.as_view(),
            "paymentbatch_return",
            "claims.exchange_bank_files",
        ),
        (
            f"{order}account/",
            admin_views.CorrectAccountView.as_view(),
            "paymentorder_account",
            "enrollment.correct_account",
        ),
        (
            f"{order}again/",
            admin_views.PayAgainView.as_view(),
            "paymentorder_again",
            "claims.pay_again",
        ),
    ):
        register_view(
            path,
            view,
            f"claims_{name}",
            permission=permission,
            whole_county=name.startswith("paymentbatch"),
        )


def _register_queues() -> None:
    register_queue(
        "claims.make_batch",
        _queue(
            "orders_to_batch",
            _("Orders to batch"),
            _("Owed by the settlements; put them into a payment batch."),
            tone=Tone.BLUE,
            address=f"{_ORDERS}?state__exact=pending&account=known",
            waiting=lambda _user: selectors.orders_ready(),
        ),
        order=60,
        whole_county=True,
    )
    register_queue(
        "claims.approve_batch",
        _queue(
            "batches_to_approve",
            _("Batches to approve"),
            _("Put together by another person, waiting for your approval."),
            tone=Tone.AMBER,
            address=f"{_BATCHES}?turn=decide",
            waiting=selectors.batches_to_approve,
        ),
        order=61,
        whole_county=True,
    )
    register_queue(
        "claims.exchange_bank_files",
        _queue(
            "batches_at_the_bank",
            _("Batches at the bank"),
            _("Approved ones need their bank file, sent ones await the bank's return."),
            tone=Tone.BLUE,
            address=f"{_BATCHES}?state__in=approved,sent",
            waiting=lambda _user: selectors.batches_at_the_bank(),
        ),
        order=62,
        whole_county=True,
    )
    register_queue(
        "claims.pay_again",
        _queue(
            "failed_orders",
            _("Failed payments"),
            _("The bank did not pay: correct the account, then pay again."),
            tone=Tone.RED,
            address=f"{_ORDERS}?state__exact=failed",
            waiting=lambda _user: selectors.failed_orders(),
        ),
        order=63,
    )
    register_queue(
        "enrollment.correct_account",
        _queue(
            "accounts_to_correct",
            _("Accounts to correct"),
            _("The bank did not pay: ask the resident for the right account and enter it."),
            tone=Tone.AMBER,
            address=f"{_ORDERS}?state__exact=failed",
            waiting=lambda _user: selectors.accounts_to_correct(),
        ),
        order=64,
    )
    register_queue(
        "enrollment.correct_account",
        _queue(
            "accounts_missing",
            _("Accounts missing"),
            _("Payments wait because the resident has no account on file: ask for it, enter it."),
            tone=Tone.AMBER,
            address=f"{_ORDERS}?account=missing",
            waiting=lambda _user: selectors.accounts_missing(),
        ),
        order=65,
    )


def _queue(
    key: str,
    title: Label,
    hint: Label,
    *,
    tone: Tone,
    address: str,
    waiting: Callable[[User], QuerySet[Any]],
) -> QueueProvider:
    """A card of the desk; `address` is a URL name with its query.

    Who may correct accounts without seeing payments has no card: it would lead nowhere.
    """
    name, _sep, query = address.partition("?")
    permission = f"claims.view_{'paymentorder' if name == _ORDERS else 'paymentbatch'}"

    def provide(user: User) -> Queue | None:
        if not user.has_perm(permission):
            return None
        rows = visible_to(waiting(user), user)
        first = oldest_orders(rows) if name == _ORDERS else oldest_batches(rows)
        return Queue(
            key=key,
            title=title,
            count=capped(rows) if first else 0,
            url=f"{reverse(name)}?{query}",
            hint=hint,
            tone=tone,
            first=first,
        )

    return provide
