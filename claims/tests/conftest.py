"""Who acts in these tests and who reads, what a worker is handed, and what day it is."""

from datetime import date
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from claims.tests.rounds import READS
from claims.tests.stories import SEE_ALL
from enrollment.models import User
from enrollment.tests.factories import make_bureau, make_user


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    make_bureau()
    return make_user(READS), make_user(READS)


@pytest.fixture
def sent(monkeypatch: Any) -> list[int]:
    """The rounds that were handed to a worker."""
    kept: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args: kept.extend(args))
    return kept


@pytest.fixture
def reader(client: Client) -> User:
    """Who may see all of a resident's page, in English; a file may have a reader of its own."""
    make_bureau(scheme="yongshun-resident")
    user = make_user(SEE_ALL)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def in_2026(monkeypatch: Any) -> None:
    """The claims of the factories are of 2026, whatever year it is."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: date(2026, 11, 25))
