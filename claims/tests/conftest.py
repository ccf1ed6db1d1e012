"""Who proposes and approves rounds, and what they hand to a worker."""

from typing import Any

import pytest
from celery import current_app

from claims.tests.rounds import READS
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
