"""What a browser is told when a page fails: by a defect, or because the database is away."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import OperationalError, connection
from django.test import Client

from enrollment.access.models import User


def away() -> None:
    raise OperationalError("connection refused")


@pytest.fixture
def browser(client_of: Any, root: User) -> Client:
    client: Client = client_of(root, "en")
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_without_its_database_a_page_says_to_wait(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ensure_connection", away)
    monkeypatch.setattr(connection, "cursor", away)
    response = browser.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "The database does not answer" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("error", [RuntimeError("a defect"), OperationalError("deadlock detected")])
def test_a_defect_stays_an_error_of_the_portal(
    browser: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_arguments: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(admin.site, "each_context", failing)
    response = browser.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/enrollment/user/?role=%00", "/enrollment/user/?%00=1", "/%00/"]
)
def test_an_address_with_a_nul_is_told_so(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 400
    assert "The address is not valid" in response.text
