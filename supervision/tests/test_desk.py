"""Supervision on the desk: cards with the oldest few, and a board for those who steer."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enrollment.boards.registry import boards_for, registered_for
from enrollment.desk.queues import FIRST, STATEMENTS, queues_for
from enrollment.tests.factories import make_bureau, make_user
from supervision.models import Case, Recovery
from supervision.penalties.receipts import record_recovery_receipt
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import (
    AT,
    SEE,
    TODAY,
    make_case,
    make_finding,
    make_notified,
    supervisor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau():
    make_bureau()


def decided():
    return decide_penalty(
        make_notified(),
        recovery=Decimal("1000.00"),
        fine=Decimal("2000.00"),
        defence="未提出陈述、申辩意见",
        heard_on=TODAY,
        actor=supervisor(),
        at=AT,
    )


def everything():
    """One open finding, and a case in each state that waits."""
    make_finding()
    make_case()
    make_notified()
    decided()


def test_each_card_counts_names_the_oldest_and_opens_its_rows(client):
    for _n in range(FIRST + 1):
        everything()
    user = supervisor()
    client.force_login(user)
    found = {queue.key: queue for queue in queues_for(user)}
    assert {key: queue.count for key, queue in found.items() if queue.count} == dict.fromkeys(
        (
            "open_findings",
            "cases_filed",
            "cases_notified",
            "recoveries_outstanding",
            "fines_outstanding",
        ),
        FIRST + 1,
    )
    for queue in found.values():
        assert len(queue.first) == min(FIRST, queue.count)
        listed = client.get(queue.url, follow=True).context["cl"].result_list
        assert len(listed) == queue.count, queue.key
        for one in queue.first:
            assert client.get(one.url).status_code == 200
    oldest = Case.objects.filter(state="filed").order_by("id").first()
    assert found["cases_filed"].first[0].label == oldest.number


def test_what_others_must_decide_is_neither_counted_nor_listed(client):
    case, others = make_notified(), make_notified()
    officer = case.officer
    client.force_login(officer)
    (queue,) = [one for one in queues_for(officer) if one.key == "cases_notified"]
    listed = client.get(queue.url, follow=True).context["cl"].result_list
    assert queue.count == 1
    assert [row.pk for row in listed] == [others.pk]


def test_the_cards_keep_to_their_statements_however_much_there_is():
    user = supervisor()

    def statements():
        with CaptureQueriesContext(connection) as captured:
            found = queues_for(user)
        return len(captured), len(found)

    queues_for(user)  # permissions are read once
    everything()
    first, cards = statements()
    for _n in range(3):
        everything()
    assert statements() == (first, cards)
    assert first <= cards * STATEMENTS


def test_the_board_counts_cases_and_keeps_the_two_ledgers_apart(client):
    everything()
    everything()
    record_recovery_receipt(
        Recovery.objects.first(),
        amount=Decimal("300.00"),
        received_on=TODAY,
        voucher="V1",
        actor=supervisor(),
        at=AT,
    )
    leader = make_user(SEE)
    (one,) = [one for one in registered_for(leader) if one.key == "guard"]
    with CaptureQueriesContext(connection) as captured:
        board = one.provider(leader)
    assert len(captured) <= one.statements
    assert [figure.value for figure in board.figures] == [
        2,
        2,
        2,
        0,
        2,
        Decimal("1700.00"),
        Decimal("4000.00"),
    ]
    client.force_login(leader)
    for figure in board.figures[:5]:
        listed = client.get(figure.url, follow=True).context["cl"].result_list
        assert len(listed) == figure.value
    for figure in board.figures[5:]:
        assert len(client.get(figure.url, follow=True).context["cl"].result_list) == 2


def test_who_works_the_cases_has_queues_instead_of_the_board():
    assert "guard" not in {board.key for board in boards_for(supervisor())[0]}
    assert "guard" not in {one.key for one in registered_for(make_user(["claims.view_claim"]))}
