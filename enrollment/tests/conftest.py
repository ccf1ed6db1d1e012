"""Who sits at the desk in these tests; a file may seat its own."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from enrollment.access.models import User
from enrollment.access.roles import Role
from enrollment.tests.factories import make_bureau, make_user


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="a-long-password")


@pytest.fixture
def clerk() -> User:
    user = User.objects.create_user("li", password="a-long-password", is_staff=True)
    user.groups.set([Group.objects.get_or_create(name=Role.WINDOW_CLERK)[0]])
    return user


@pytest.fixture
def administrator(client: Client, db: None) -> User:
    """Whoever keeps the bureau's own tables, whatever the role; logged in, in English."""
    keepers = (Role.ADMINISTRATOR, Role.ENROLMENT_OFFICER, Role.INSTITUTION_OFFICER)
    return _seated(client, *keepers)


@pytest.fixture
def desk_clerk(client: Client, db: None) -> User:
    """A clerk of the window; logged in, in English."""
    return _seated(client, Role.WINDOW_CLERK)


def _seated(client: Client, *roles: Role) -> User:
    make_bureau()
    user = make_user()
    user.groups.set(Group.objects.filter(name__in=roles))
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def client_of(client: Client) -> Any:
    def login(user: User, language: str = "zh-hans") -> Client:
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return login
