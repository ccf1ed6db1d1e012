"""Accounts: who may give whom which role."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from enrollment.access.models import User
from enrollment.access.roles import Role
from enrollment.tests.factories import make_user

pytestmark = pytest.mark.django_db


def group(role):
    return Group.objects.get(name=role)


@pytest.fixture
def administrator(client):
    user = make_user()
    user.groups.add(group(Role.ADMINISTRATOR))
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def account(user, *roles, **fields):
    """What the account's form sends."""
    return {
        "username": user.username,
        "full_name": user.full_name,
        "certificate_no": "",
        "is_active": "on",
        "is_staff": "on",
        "groups": [group(role).pk for role in roles],
        **fields,
    }


def page_of(user):
    return reverse("admin:enrollment_user_change", args=[user.pk])


def roles_of(user):
    return sorted(user.groups.values_list("name", flat=True))


def test_an_administrator_gives_roles(client, administrator):
    other = make_user()
    form = account(other, Role.WINDOW_CLERK, Role.REVIEWER)
    assert client.post(page_of(other), form).status_code == 302
    assert roles_of(other) == ["reviewer", "window_clerk"]


def test_an_auditor_gets_no_second_role(client, administrator):
    other = make_user()
    answer = client.post(page_of(other), account(other, Role.AUDITOR, Role.FINANCE))
    assert "“Internal auditor” is held alone" in answer.content.decode()
    assert roles_of(other) == []


def test_nor_does_a_new_account(client, administrator):
    answer = client.post(
        reverse("admin:enrollment_user_add"),
        {
            "username": "new",
            "password1": "portal-2026-x",
            "password2": "portal-2026-x",
            "groups": [group(Role.OPERATOR).pk, group(Role.FINANCE).pk],
        },
    )
    assert "“System operator” is held alone" in answer.content.decode()
    assert not User.objects.filter(username="new").exists()


def test_nobody_changes_their_own_roles(client, administrator):
    form = account(administrator, Role.FINANCE, is_superuser="on")
    assert client.post(page_of(administrator), form).status_code == 302
    administrator.refresh_from_db()
    assert roles_of(administrator) == ["administrator"]
    assert not administrator.is_superuser
    assert "Another administrator" in client.get(page_of(administrator)).content.decode()


def test_nobody_switches_themselves_off(client, administrator):
    form = account(administrator)
    del form["is_active"]
    client.post(page_of(administrator), form)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_administrator_makes_nobody_all_powerful(client, administrator):
    other = make_user()
    client.post(page_of(other), account(other, is_superuser="on"))
    other.refresh_from_db()
    assert not other.is_superuser


def test_an_administrator_does_not_take_over_an_all_powerful_account(client, administrator):
    root = make_user(is_superuser=True)
    assert client.post(page_of(root), account(root, full_name="x")).status_code == 403
    address = reverse("admin:auth_user_password_change", args=[root.pk])
    form = {"password1": "portal-2026-x", "password2": "portal-2026-x", "usable_password": "true"}
    assert client.post(address, form).status_code == 403
    before = (root.full_name, root.password)
    root.refresh_from_db()
    assert (root.full_name, root.password) == before


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_changes_an_account(client, role):
    user = make_user()
    user.groups.add(group(role))
    client.force_login(user)
    other = make_user(full_name="原名")
    assert client.post(page_of(other), account(other, role, full_name="x")).status_code == 403
    other.refresh_from_db()
    assert (other.full_name, roles_of(other)) == ("原名", [])
