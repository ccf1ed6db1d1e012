"""Logging in: throttled, ended by rest, and what administrators do to a login."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from enrollment.login.devices import Authenticator
from enrollment.login.sessions import SEEN
from enrollment.models import AccountEvent, Bureau
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.logins import PASSWORD, is_in, log_in, make_staff, set_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hashes(settings):
    """Quick hashes: the real ones are meant to take their time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- wrong passwords -------------------------------------------------------------------


def test_five_wrong_passwords_lock_the_login_even_for_the_right_one(client):
    user = make_staff()
    answers = [log_in(client, user, "wrong") for _nth in range(5)]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    locked = log_in(client, user)
    assert locked.status_code == 429
    assert "密码错误次数过多" in locked.content.decode()
    assert not is_in(client)


def test_another_machine_is_not_locked(client):
    user = make_staff()
    for _nth in range(6):
        log_in(client, user, "wrong")
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert log_in(elsewhere, user).status_code == 302
    assert is_in(elsewhere)


def test_a_right_password_forgets_the_wrong_ones(client):
    user = make_staff()
    for _round in range(2):
        for _nth in range(4):
            log_in(client, user, "wrong")
        assert log_in(client, user).status_code == 302
        client.logout()


def test_a_refusal_names_neither_the_password_nor_the_account(client):
    gone = make_staff(username="gone", is_active=False)
    said = []
    for user, password in ((make_staff(), "wrong"), (gone, PASSWORD), (gone, "wrong")):
        page = Client().post("/login/", {"username": user.username, "password": password})
        said += re.findall(r"用户名或密码不正确，或账号已停用。", page.text)
    assert len(said) == 3


def test_a_name_longer_than_any_is_refused_like_a_wrong_one(client):
    answer = client.post("/login/", {"username": "n" * 300, "password": "wrong"})
    assert answer.status_code == 200
    assert "用户名或密码不正确" in answer.text


def test_an_unknown_name_is_told_the_same(client):
    for _nth in range(5):
        client.post("/login/", {"username": "nobody", "password": "wrong"})
    answer = client.post("/login/", {"username": "nobody", "password": "wrong"})
    assert answer.status_code == 429


def test_an_administrator_unlocks_with_a_reason(client):
    user, keeper = make_staff(), make_user(["enrollment.change_user", "enrollment.view_user"])
    for _nth in range(6):
        log_in(client, user, "wrong")
    desk = Client()
    desk.force_login(keeper)
    address = reverse("admin:enrollment_user_unlock", args=[user.pk])
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert log_in(client, user).status_code == 429
    assert desk.post(address, {"reason": "本人来电核实"}).status_code == 302
    event = AccountEvent.objects.get()
    assert (event.user, event.actor, event.kind) == (user, keeper, AccountEvent.Kind.UNLOCKED)
    assert log_in(client, user).status_code == 302


def test_the_last_login_is_shown(client):
    user = make_staff()
    log_in(client, user)
    assert "上次登录" not in client.get("/").content.decode()
    client.logout()
    log_in(client, user)
    assert "上次登录" in client.get("/").content.decode()


# --- rest ------------------------------------------------------------------------------


def rest(client, seconds):
    session = client.session
    session[SEEN] = int(time.time()) - seconds
    session.save()


def test_a_session_ends_after_the_bureaus_minutes_of_rest(client):
    make_bureau(idle_minutes=10)
    log_in(client, make_staff())
    rest(client, 590)
    assert is_in(client)
    rest(client, 600)
    answer = client.get("/enrollment/person/?township=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=%2Fenrollment%2Fperson%2F%3Ftownship%3D1"
    assert "一段时间未操作" in client.get("/login/").content.decode()
    assert not is_in(client)


def test_a_request_keeps_the_session(client):
    log_in(client, make_staff())
    rest(client, 600)
    assert is_in(client)
    assert client.get("/session/").json()["left"] > 890


def test_a_page_that_asks_by_itself_keeps_nothing(client):
    log_in(client, make_staff())
    rest(client, 600)
    assert client.get("/", headers={"X-By-Itself": "1"}).status_code == 200
    assert client.get("/session/").json()["left"] <= 300


def test_every_page_that_polls_says_that_it_asks_by_itself(settings):
    polling = [
        page.read_text()
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        if re.search(r'hx-trigger="every \d+s', page.read_text())
    ]
    assert len(polling) >= 5
    assert all("X-By-Itself" in text for text in polling)


def test_asking_how_long_is_left_keeps_nothing(client):
    log_in(client, make_staff())
    rest(client, 600)
    assert client.get("/session/").json()["left"] <= 300
    assert client.get("/session/").json()["left"] <= 300
    assert client.post("/session/").json()["left"] > 890


def test_a_fragment_of_an_ended_session_sends_the_whole_page_to_the_login(client):
    log_in(client, make_staff("claims.enter_claim"))
    rest(client, 3600)
    answer = client.post("/window/find/", {"q": "x"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login/"


@pytest.mark.parametrize("minutes", [4, 121])
def test_the_minutes_have_limits(minutes):
    bureau = make_bureau()
    bureau.idle_minutes = minutes
    with pytest.raises(Exception, match="idle_minutes"):
        bureau.full_clean()
    assert Bureau.objects.get().idle_minutes == 15


# --- sessions --------------------------------------------------------------------------


def test_a_new_password_ends_every_other_session():
    user = make_staff()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        log_in(client, user)
    here.post(
        "/password_change/",
        {
            "old_password": PASSWORD,
            "new_password1": "another-2026-y",
            "new_password2": "another-2026-y",
        },
    )
    assert is_in(here)
    assert not is_in(elsewhere)


def test_one_logs_oneself_out_everywhere():
    user, other = make_staff(), make_staff()
    here, elsewhere, stranger = Client(), Client(), Client()
    for client, who in ((here, user), (elsewhere, user), (stranger, other)):
        log_in(client, who)
    here.post("/log-out-everywhere/")
    assert (is_in(here), is_in(elsewhere), is_in(stranger)) == (False, False, True)


def test_an_administrator_ends_somebodys_sessions(client):
    user = make_staff()
    log_in(client, user)
    desk = Client()
    desk.force_login(make_user(["enrollment.change_user", "enrollment.view_user"]))
    address = reverse("admin:enrollment_user_end_sessions", args=[user.pk])
    desk.post(address, {"reason": "离岗"})
    assert not is_in(client)
    assert AccountEvent.objects.get().kind == AccountEvent.Kind.SESSIONS_ENDED


@pytest.mark.parametrize("name", ["unlock", "end_sessions", "reset_second_step"])
def test_nobody_without_the_permission_touches_a_login(client, name):
    user = make_staff()
    log_in(client, user)
    set_up(client, user)
    desk = Client()
    desk.force_login(make_user(["enrollment.view_user"]))
    address = reverse(f"admin:enrollment_user_{name}", args=[user.pk])
    assert desk.post(address, {"reason": "x"}).status_code == 403
    assert not AccountEvent.objects.exists()
    assert is_in(client)
    assert Authenticator.objects.filter(user=user, confirmed=True).exists()


def test_nor_their_own(client):
    user = make_staff("enrollment.change_user", "enrollment.view_user")
    client.force_login(user)
    client.post(reverse("admin:enrollment_user_unlock", args=[user.pk]), {"reason": "x"})
    assert not AccountEvent.objects.exists()
