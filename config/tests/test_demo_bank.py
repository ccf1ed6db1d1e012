"""The demonstration's bank: answers there, and nowhere else."""

import pytest
from django.urls import reverse

from claims.payments.bank_files import read_lines
from claims.payments.exchange import write_bank_file
from claims.payments.models import BatchState, PaymentBatch
from claims.payments.services import approve_batch
from config.demo.county.clock import hour
from config.tests.small_county import ON
from enrollment.models import Bureau, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(county):
    """A batch of the demonstration that has been sent to the bank."""
    draft = PaymentBatch.objects.get(state=BatchState.DRAFT)
    approve_batch(draft, actor=User.objects.get(username="finance2"), at=hour(ON, 9))
    write_bank_file(draft, actor=User.objects.get(username="finance1"), at=hour(ON, 10))
    return draft


def ask(client, batch, username, query=""):
    client.force_login(User.objects.get(username=username))
    return client.get(reverse("admin:demo_bank_answer", args=[batch.pk]) + query)


def test_the_answer_names_every_order_and_changes_nothing(client, batch):
    lines = read_lines(ask(client, batch, "finance1").content)
    assert [line.order for line in lines] == list(
        batch.orders.order_by("pk").values_list("number", flat=True)
    )
    assert all(line.paid for line in lines)
    lines = read_lines(ask(client, batch, "finance1", "?failing=1").content)
    assert [line.paid for line in lines] == [False] + [True] * (len(lines) - 1)
    batch.refresh_from_db()
    assert batch.state == BatchState.SENT


def test_outside_the_demonstration_there_is_no_such_bank(client, batch):
    Bureau.objects.update(is_demonstration=False)
    assert ask(client, batch, "finance1").status_code == 404


def test_only_who_exchanges_bank_files_may_ask(client, batch):
    assert ask(client, batch, "clerk1").status_code == 403
