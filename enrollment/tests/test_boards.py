"""Boards of figures on the work desk: the registry, who reads them, and what is fetched later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from enrollment.boards import registry
from enrollment.boards.registry import Board, Figure, Row, Table, boards_for, register_board
from enrollment.desk.queues import CAP, Queue, shown_sum
from enrollment.models import AccountChange, Unmasking
from enrollment.tests.factories import make_bureau, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})


def add(key, *, board=None, permission="enrollment.view_person", order=1, later=False):
    register_board(
        key,
        key,
        lambda user: board if board is not None else Board(key, key),
        permission=permission,
        order=order,
        statements=0,
        later=later,
    )


def test_boards_come_in_their_order_and_only_for_who_may_read_them(empty):
    add("last", order=3)
    add("first", order=1)
    add("secret", permission="enrollment.view_unmasking", order=2)
    add("slow", later=True)
    now, later = boards_for(make_user(["enrollment.view_person"]))
    assert [board.key for board in now] == ["first", "last"]
    assert [one.key for one in later] == ["slow"]
    assert boards_for(make_user()) == ([], [])


def test_the_same_board_twice_is_refused(empty):
    add("one")
    with pytest.raises(ImproperlyConfigured):
        add("one")


def test_a_board_shows_money_counts_words_and_where_they_come_from(client, empty):
    figures = [
        Figure("paid", Decimal("1234.5"), "/paid/"),
        Figure("many", 4321),
        Figure("state", "in order", hint="since noon"),
    ]
    table = Table("month", ["sum"], [Row("2026-11", [Figure("", Decimal("7.00"), "/rows/")])])
    add("fund", board=Board("fund", "The fund", figures, table))
    client.force_login(make_user(["enrollment.view_person"]))
    html = client.get("/").content.decode()
    for shown in ("1,234.50", "4,321", "in order", "since noon", "/paid/", "/rows/", "7.00"):
        assert shown in html


def test_a_slow_board_is_fetched_by_who_may_read_it_alone(client, empty):
    add("slow", board=Board("slow", "Slow", [Figure("x", "found")]), later=True)
    address = reverse("admin:portal_board", args=["slow"])
    client.force_login(make_user(["enrollment.view_person"]))
    desk = client.get("/").content.decode()
    assert f'hx-get="{address}"' in desk
    assert "found" not in desk
    assert "found" in client.get(address).content.decode()
    client.force_login(make_user())
    assert client.get(address).status_code == 404


def test_the_logs_of_a_month_are_counted_for_who_may_read_them(client):
    make_bureau()
    person, actor = make_person(), make_user()
    for days in (0, 29, 30):
        at = timezone.now() - timedelta(days=days)
        Unmasking.objects.create(person=person, actor=actor, at=at, reason="核对")
        AccountChange.objects.create(
            person=person, new_account_no="62220", new_account_name="x", actor=actor, at=at
        )
    reader = make_user(["enrollment.view_unmasking", "enrollment.view_accountchange"])
    (board,) = [board for board in boards_for(reader)[0] if board.key == "logs"]
    assert [figure.value for figure in board.figures] == ["2", "2"]
    client.force_login(reader)
    for figure in board.figures:
        listed = client.get(figure.url, follow=True)
        assert len(listed.context["cl"].result_list) == 2
    half = make_user(["enrollment.view_unmasking"])
    (board,) = [board for board in boards_for(half)[0] if board.key == "logs"]
    assert len(board.figures) == 1


def test_where_counting_stopped_the_desk_says_so():
    few, many = Queue("a", "a", 3, "/"), Queue("b", "b", CAP, "/")
    assert (few.shown, many.shown) == ("3", f"{CAP - 1}+")
    assert shown_sum([few, few]) == "6"
    assert shown_sum([few, many]) == "1,003+"
