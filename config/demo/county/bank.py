"""Finance, and a bank that answers each file."""

import csv
import io
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils import timezone
from stdnum import luhn

from claims.payments.bank_files import FAILED, PAID
from claims.payments.exchange import read_bank_return, write_bank_file
from claims.payments.models import OrderState, PaymentBatch, PaymentOrder
from claims.payments.services import NothingToPay, approve_batch, make_batch, pay_again
from config.demo.county.window import Staff
from enrollment.residents.services import correct_account

_REASON = "收款户名与账号不符"


class Bank:
    """Two members of finance, one putting together and one approving, and their bank."""

    def __init__(self, staff: Staff) -> None:
        self._clerk = staff["clerk1"]
        self._maker = staff["finance1"]
        self._approver = staff["finance2"]
        self._batch: PaymentBatch | None = None
        self._cards = 0

    def correct_failed(self, *, at: datetime) -> None:
        """The window enters the right account, finance orders the payment again."""
        for order in PaymentOrder.objects.filter(state=OrderState.FAILED).order_by("pk"):
            if order.person is not None:
                correct_account(
                    order.person,
                    account_no=self._new_card(),
                    account_name=order.person.name,
                    actor=self._clerk,
                    at=at,
                )
                pay_again(order, actor=self._maker, at=at + timedelta(minutes=6))

    def put_together(self, *, at: datetime) -> None:
        """Everything that is to be paid becomes one batch, if there is anything."""
        with suppress(NothingToPay):
            self._batch = make_batch(actor=self._maker, at=at).batch

    @property
    def residents_waiting(self) -> int:
        """How many orders of the batch that was put together go to residents."""
        return 0 if self._batch is None else self._batch.orders.exclude(person=None).count()

    def pay(self, *, at: datetime, fails: int) -> None:
        """The second person approves, the file goes out, the bank answers in the afternoon.

        The bank could not pay so many of the orders, the first ones: residents'.
        """
        batch, self._batch = self._batch, None
        if batch is None:
            return
        approve_batch(batch, actor=self._approver, at=at)
        sent = write_bank_file(batch, actor=self._maker, at=at + timedelta(minutes=20))
        back = at + timedelta(hours=5)
        answer = bank_answer(sent, on=f"{timezone.localdate(back)}", failing=fails)
        read_bank_return(batch, answer, actor=self._maker, at=back)

    def _new_card(self) -> str:
        self._cards += 1
        body = f"620000900{self._cards:09d}"
        return body + luhn.calc_check_digit(body)


def bank_answer(sent: bytes, *, on: str, failing: int = 0) -> bytes:
    """What a bank says to a bank file: the first `failing` orders failed, the others paid.

    Only residents' orders fail; an institution's order has a J in its number.
    """
    answer = io.StringIO()
    writer = csv.writer(answer, lineterminator="\r\n")
    writer.writerow(("附言", "结果", "失败原因", "日期", "金额"))
    orders = list(csv.DictReader(io.StringIO(sent.decode("gb18030"), newline="")))
    for order in orders:
        failed = failing > 0 and "J" not in order["附言"]
        failing -= failed
        writer.writerow(
            (
                order["附言"],
                FAILED if failed else PAID,
                _REASON if failed else "",
                on,
                order["金额"],
            )
        )
    return answer.getvalue().encode("gb18030")
