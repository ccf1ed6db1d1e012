"""The queues of the work desk: who sees which, in what order, at what cost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enrollment.access.models import User
from enrollment.desk import queues
from enrollment.desk.queues import Queue, queues_for, register_queue
from enrollment.desk.tags import Tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(queues, "_registrations", [])
    yield


def test_a_queue_is_shown_with_its_permission_only(
    empty_queues: None, client_of: Any, root: User, clerk: User
) -> None:
    register_queue(
        "enrollment.view_user", lambda user: Queue("k", "Papers", 1234, "/x/", "Why", Tone.AMBER)
    )
    shown = client_of(root, "en").get("/").content.decode()
    assert "1,234 items are waiting for you" in shown
    assert 'data-queue="k"' in shown
    hidden = client_of(clerk, "en").get("/").content.decode()
    assert "Papers" not in hidden
    assert "waiting for you" not in hidden


def test_queues_come_in_their_order_and_absent_ones_not_at_all(
    empty_queues: None, root: User
) -> None:
    register_queue("a.b", lambda user: Queue("late", "", 0, "/"), order=20)
    register_queue("a.b", lambda user: None, order=15)
    register_queue("a.b", lambda user: Queue("early", "", 0, "/"), order=10)
    assert [queue.key for queue in queues_for(root)] == ["early", "late"]


def test_a_queue_cannot_be_registered_twice(empty_queues: None) -> None:
    def provider(user: User) -> Queue:
        return Queue("k", "", 0, "/")

    register_queue("a.b", provider)
    with pytest.raises(ImproperlyConfigured):
        register_queue("a.b", provider)


def test_the_desk_makes_one_statement_a_queue(
    empty_queues: None, client_of: Any, clerk: User
) -> None:
    group = clerk.groups.get()
    group.permissions.add(Permission.objects.get(codename="view_user"))
    client = client_of(clerk)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    before = statements()
    assert before <= 6
    for n in range(3):
        register_queue(
            "enrollment.view_user",
            lambda user, n=n: Queue(f"k{n}", "", User.objects.count(), "/"),
        )
    assert statements() == before + 3
