"""Accounts: who may give whom which role."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from enrollment.access.models import User
from enrollment.access.roles import Role
from enrollment.models import AccountEvent
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


def password_page_of(user):
    return reverse("admin:enrollment_user_set_password", args=[user.pk])


def new_password(word="portal-2026-x", **fields):
    return {"password1": word, "password2": word, "reason": "本人持身份证来窗口", **fields}


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
    page = client.post(password_page_of(root), new_password())
    assert "This account has all permissions" in page.text
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


# --- a password that somebody else sets --------------------------------------------------


def log_in(user, word):
    """A browser that logged in with that password."""
    browser = Client()
    browser.cookies["django_language"] = "en"
    browser.post("/login/", {"username": user.username, "password": word})
    return browser


@pytest.fixture
def other(settings):
    """Somebody with a password of their own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = make_user(full_name="龙秀英")
    user.set_password("my-own-2026")
    user.save()
    return user


def test_a_password_set_by_another_has_its_reason_and_ends_all_sessions(
    client, administrator, other
):
    at_the_desk = log_in(other, "my-own-2026")
    assert at_the_desk.get("/").status_code == 200
    answer = client.post(password_page_of(other), new_password())
    assert answer.status_code == 302
    event = AccountEvent.objects.get()
    assert (event.user, event.actor, event.kind) == (other, administrator, "password")
    assert event.reason == "本人持身份证来窗口"
    assert not [s for s in Session.objects.all() if s.get_decoded()["_auth_user_id"] == other.pk]
    assert at_the_desk.get("/").status_code == 302


def test_it_is_changed_before_anything_else(client, administrator, other):
    client.post(password_page_of(other), new_password())
    browser = log_in(other, "portal-2026-x")
    for address in ("/", "/enrollment/person/", "/window/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
            302,
            "/password_change/",
        )
    held = browser.get("/", headers={"HX-Request": "true"})
    assert held.headers["HX-Redirect"] == "/password_change/"
    assert "Somebody else set your password" in browser.get("/password_change/").text
    words = {"old_password": "portal-2026-x", "new_password1": "portal-2026-x"}
    same = browser.post("/password_change/", {**words, "new_password2": "portal-2026-x"})
    assert "This is the present password" in same.text
    assert browser.get("/").status_code == 302
    words |= {"new_password1": "mine-again-26", "new_password2": "mine-again-26"}
    assert browser.post("/password_change/", words).status_code == 302
    assert browser.get("/").status_code == 200
    assert log_in(other, "mine-again-26").get("/").status_code == 200


@pytest.mark.parametrize(
    "fields", [{"reason": " "}, {"password2": "another-2026"}, {"password1": "", "password2": ""}]
)
def test_without_reason_or_a_good_password_nothing_changes(client, administrator, other, fields):
    page = client.post(password_page_of(other), new_password(**fields))
    assert page.status_code == 200
    assert "field-error" in page.text
    before = other.password
    other.refresh_from_db()
    assert (other.password, other.must_change_password) == (before, False)
    assert not AccountEvent.objects.exists()


def test_the_stock_page_leads_to_the_one_with_a_reason(client, administrator, other):
    loose = f"/enrollment/user/%20{other.pk}/password/"
    answer = client.post(loose, {"password1": "portal-2026-x", "password2": "portal-2026-x"})
    assert answer.headers["Location"] == password_page_of(other)
    before = other.password
    other.refresh_from_db()
    assert other.password == before


def test_nobody_sets_their_own_that_way(client, administrator):
    page = client.post(password_page_of(administrator), new_password())
    assert "Change your own password under your name" in page.text
    assert not AccountEvent.objects.exists()


def test_a_new_account_changes_its_first_password(client, administrator, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    address = reverse("admin:enrollment_user_add")
    client.post(
        address, {"username": "new", "password1": "portal-2026-x", "password2": "portal-2026-x"}
    )
    browser = log_in(User.objects.get(username="new"), "portal-2026-x")
    assert browser.get("/").headers["Location"].startswith("/password_change/")
