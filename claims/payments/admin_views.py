"""The actions of payment: batch, approve, cancel, bank files, paying again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.payments import exchange, selectors, services
from claims.payments.bank_files import MAX_BYTES
from claims.payments.models import BatchState, OrderState, PaymentBatch, PaymentOrder
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, ReasonForm, confirm_action
from enrollment.desk.tags import Label, Tone
from enrollment.residents.services import correct_account
from enrollment.transitions.table import TransitionRefused
from enrollment.values.money import ZERO, format_yuan


def make(request: HttpRequest) -> HttpResponse:
    """Put the pending orders into a batch."""
    pending = PaymentOrder.objects.filter(state=OrderState.PENDING)
    sums = pending.aggregate(count=Count("pk"), total=Sum("amount"))
    without = selectors.orders_without_account().count()

    def perform(_data: dict[str, Any]) -> str:
        if not isinstance(request.user, User):
            raise TypeError("an action needs a member of staff")
        made = services.make_batch(actor=request.user, at=timezone.now())
        return _(
            "Batch %(number)s: %(count)s orders, %(total)s yuan. Another person approves it."
        ) % {
            "number": made.batch.number,
            "count": made.batch.orders_count,
            "total": format_yuan(made.batch.total),
        }

    return confirm_action(
        request,
        title=gettext_lazy("Put a batch together"),
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=perform,
        back_url=reverse("admin:claims_paymentbatch_changelist"),
        facts=[
            Fact(gettext_lazy("Pending orders"), f"{sums['count']}"),
            Fact(gettext_lazy("Amount"), sums["total"] or ZERO),
            Fact(gettext_lazy("Without an account (they wait)"), f"{without}"),
        ],
        submit_label=gettext_lazy("Put the batch together"),
        refusal="" if sums["count"] else gettext_lazy("There is no order to pay."),
    )


class BatchAction(ActionView):
    """An action on one batch."""

    queryset = PaymentBatch.objects.select_related("created_by")

    def get_facts(self, obj: PaymentBatch) -> Sequence[Fact]:
        """Number, orders, amount, maker."""
        return [
            Fact(gettext_lazy("Batch"), obj.number),
            Fact(gettext_lazy("Orders"), f"{obj.orders_count}"),
            Fact(gettext_lazy("Amount"), obj.total),
            Fact(gettext_lazy("Put together by"), obj.created_by),
        ]

    def get_back_url(self, obj: PaymentBatch) -> str:
        """The batch's page."""
        return reverse("admin:claims_paymentbatch_change", args=[obj.pk])


class ApproveBatchView(BatchAction):
    """The second person's release."""

    title = gettext_lazy("Approve the batch")
    submit_label = gettext_lazy("Approve the batch")
    tone = Tone.GREEN

    def perform(self, obj: PaymentBatch, data: dict[str, Any]) -> str:
        """Approve."""
        services.approve_batch(obj, actor=self.actor, at=timezone.now())
        return _("Batch %(number)s is approved. Write the bank file next.") % {"number": obj.number}


class CancelBatchView(BatchAction):
    """Undo a batch that the bank has not got."""

    title = gettext_lazy("Cancel the batch")
    submit_label = gettext_lazy("Cancel the batch")
    explanation = gettext_lazy("Its orders become pending again and go into the next batch.")
    form_class = ReasonForm
    tone = Tone.RED

    def perform(self, obj: PaymentBatch, data: dict[str, Any]) -> str:
        """Cancel."""
        services.cancel_batch(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("Batch %(number)s is cancelled.") % {"number": obj.number}


class SendBatchView(BatchAction):
    """Write the bank file; from now on the bank decides."""

    title = gettext_lazy("Write the bank file")
    submit_label = gettext_lazy("Write the bank file")
    explanation = gettext_lazy(
        "The file can be downloaded again at any time and is the same each time. The batch "
        "cannot be cancelled any more."
    )

    def perform(self, obj: PaymentBatch, data: dict[str, Any]) -> str:
        """Write it."""
        exchange.write_bank_file(obj, actor=self.actor, at=timezone.now())
        return _("The bank file of batch %(number)s is written. Download it and send it.") % {
            "number": obj.number
        }


def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank file of a sent batch; that it was taken stands in the batch's log."""
    batches = visible_to(PaymentBatch.objects.all(), request.user)
    batch = get_object_or_404(batches, pk=pk, state__in=[BatchState.SENT, BatchState.CLOSED])
    if not isinstance(request.user, User):
        raise TypeError("a download needs a member of staff")
    data = exchange.download_bank_file(batch, actor=request.user, at=timezone.now())
    return HttpResponse(
        data,
        content_type="text/csv; charset=gb18030",
        headers={"Content-Disposition": f'attachment; filename="{batch.number}.csv"'},
    )


class ReturnForm(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label=gettext_lazy("Return file"),
        help_text=gettext_lazy(
            "CSV with 附言 (order number), 结果 (成功/失败), 失败原因 and 日期. The whole file is "
            "checked first: one wrong line and nothing is booked."
        ),
    )

    def clean_file(self) -> bytes:
        """Its bytes."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 50 MB: it is no bank return."))
        data: bytes = file.read()
        return data


class ReadReturnView(BatchAction):
    """Book what the bank says."""

    title = gettext_lazy("Read the bank's return")
    submit_label = gettext_lazy("Check and book")
    form_class = ReturnForm

    def perform(self, obj: PaymentBatch, data: dict[str, Any]) -> str:
        """Book it."""
        result = exchange.read_bank_return(obj, data["file"], actor=self.actor, at=timezone.now())
        return _("%(paid)s orders paid (%(total)s yuan), %(failed)s failed.") % {
            "paid": result.paid,
            "total": format_yuan(result.paid_total),
            "failed": result.failed,
        }


class OrderAction(ActionView):
    """An action on one order."""

    queryset = PaymentOrder.objects.select_related("person", "institution")

    def get_facts(self, obj: PaymentOrder) -> Sequence[Fact]:
        """Order, payee, amount, what the bank said."""
        payee = obj.person or obj.institution
        return [
            Fact(gettext_lazy("Order"), obj.number),
            Fact(gettext_lazy("Payee"), payee),
            Fact(gettext_lazy("Amount"), obj.amount),
            Fact(gettext_lazy("The bank's reason"), obj.failure),
            Fact(gettext_lazy("Account of the order"), obj.masked_account),
            Fact(gettext_lazy("Account on file now"), _masked(payee)),
        ]

    def get_back_url(self, obj: PaymentOrder) -> str:
        """The order's page."""
        return reverse("admin:claims_paymentorder_change", args=[obj.pk])


class AccountForm(forms.Form):
    """The payee's right account."""

    account_no = forms.CharField(label=gettext_lazy("Bank account"), max_length=40)
    account_name = forms.CharField(label=gettext_lazy("Account holder"), max_length=60)


class CorrectAccountView(OrderAction):
    """Correct the resident's account where the failure is seen."""

    title = gettext_lazy("Correct the account")
    submit_label = gettext_lazy("Correct the account")
    form_class = AccountForm

    def get_form_kwargs(self, obj: PaymentOrder) -> dict[str, Any]:
        """The holder is usually the resident."""
        kwargs = super().get_form_kwargs(obj)
        if obj.person is not None:
            kwargs["initial"] = {"account_name": obj.person.account_name or obj.person.name}
        return kwargs

    def get_refusal(self, obj: PaymentOrder) -> Label:
        """Institutions' accounts are kept with the institution."""
        return "" if obj.person else gettext_lazy("Correct it on the institution's page.")

    def perform(self, obj: PaymentOrder, data: dict[str, Any]) -> str:
        """Correct it."""
        if obj.person is None:
            raise TransitionRefused(_("Correct it on the institution's page."))
        correct_account(obj.person, **data, actor=self.actor, at=timezone.now())
        if obj.state == OrderState.PENDING:
            return _("The account is entered. The next batch takes the order.")
        return _("The account is corrected. Pay the order again next.")


class PayAgainView(OrderAction):
    """A new order for a failed one."""

    title = gettext_lazy("Pay again")
    submit_label = gettext_lazy("Order the payment again")
    explanation = gettext_lazy(
        "A new order of the same amount goes to the account on file now. This one keeps its story."
    )
    tone = Tone.GREEN

    def perform(self, obj: PaymentOrder, data: dict[str, Any]) -> str:
        """Order it again."""
        again = services.pay_again(obj, actor=self.actor, at=timezone.now())
        return _("Order %(number)s takes its place and goes into the next batch.") % {
            "number": again.number
        }


def _masked(payee: Any) -> str:
    """The payee's present account, masked."""
    if payee is None or not payee.account_no:
        return _("no account")
    return f"**** {payee.account_no[-4:]} {payee.account_name}"
