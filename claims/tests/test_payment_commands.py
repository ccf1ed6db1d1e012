"""The payment commands: from pending orders to the bank and back."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import PaymentBatch, PaymentOrder
from claims.tests.night import approved_claim, bank_return, ledger_faults, make_finance, settle

pytestmark = pytest.mark.django_db


def run(*args):
    out = io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=io.StringIO())
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.fixture
def staff():
    return make_finance(username="maker"), make_finance(username="second")


def test_from_pending_orders_to_the_bank_and_back(staff, tmp_path):
    approved_claim()
    approved_claim()
    settle()
    status, dry = run("make_batch", "--as", "maker", "--dry-run")
    assert (status, dry["orders"], PaymentBatch.objects.count()) == (0, 2, 0)
    status, made = run("make_batch", "--as", "maker")
    assert (status, made["orders"], made["total"], made["without_account"]) == (0, 2, "1400.00", 0)
    number = made["batch"]
    with pytest.raises(CommandError):
        call_command("approve_batch", number, "--as", "maker")
    assert run("approve_batch", number, "--as", "second")[0] == 0
    out = tmp_path / "bank.csv"
    assert run("write_bank_file", number, str(out), "--as", "maker", "--dry-run")[0] == 0
    assert not out.exists()
    assert PaymentBatch.objects.get().state == "approved"
    status, written = run("write_bank_file", number, str(out), "--as", "maker")
    batch = PaymentBatch.objects.get()
    assert (status, written["sha256"], batch.state) == (0, batch.file_sha256, "sent")
    failed = batch.orders.order_by("pk").first()
    back = tmp_path / "return.csv"
    back.write_bytes(bank_return(batch, {failed.number: "户名不符"}, day=f"{timezone.localdate()}"))
    status, booked = run("read_bank_return", number, str(back), "--as", "maker")
    assert (status, booked["paid"], booked["failed"], booked["closed"]) == (1, 1, 1, True)
    assert booked["total"] == "700.00"
    assert ledger_faults() == []


def test_a_file_that_cannot_be_written_leaves_the_batch_unsent(staff, tmp_path):
    approved_claim()
    settle()
    number = run("make_batch", "--as", "maker")[1]["batch"]
    run("approve_batch", number, "--as", "second")
    with pytest.raises(CommandError, match=r"bank\.csv"):
        call_command("write_bank_file", number, str(tmp_path / "no" / "bank.csv"), "--as", "maker")
    assert PaymentBatch.objects.get().state == "approved"


@pytest.mark.parametrize(
    "args",
    [
        ("make_batch", "--as", "nobody"),
        ("make_batch",),
        ("approve_batch", "P1", "--as", "second"),
        ("write_bank_file", "P1", "x.csv", "--as", "maker"),
        ("read_bank_return", "P1", "/nonexistent.csv", "--as", "maker"),
    ],
)
def test_refusals_change_nothing(staff, args):
    approved_claim()
    settle()
    with pytest.raises(CommandError):
        call_command(*args)
    assert not PaymentBatch.objects.exists()
    assert set(PaymentOrder.objects.values_list("state", flat=True)) == {"pending"}
