"""The second step of a login, asked for where money is released."""

from urllib.parse import unquote

import pytest
import segno
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from enrollment.login.devices import Authenticator
from enrollment.login.sessions import OWED
from enrollment.models import AccountEvent, User
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.logins import PASSWORD, SET_UP, code_of, is_in, log_in, make_staff, set_up

pytestmark = pytest.mark.django_db
CODE = "/second-step/"


@pytest.fixture(autouse=True)
def hashes(settings):
    """Quick hashes: the real ones are meant to take their time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def required(settings):
    settings.SECOND_STEP_REQUIRED = True
    return make_bureau()


def test_who_releases_money_sets_a_second_step_up_before_anything_else(client, required):
    user = make_staff("claims.approve_batch", "claims.view_paymentbatch")
    assert log_in(client, user).status_code == 302
    for page in ("/", "/claims/paymentbatch/"):
        assert client.get(page).headers["Location"].startswith(CODE)
    assert client.get(CODE).headers["Location"] == SET_UP
    shown = client.get(SET_UP).content.decode()
    assert "data:image/svg+xml" in shown
    picture = unquote(client.get(SET_UP).context["picture"])
    assert "xmlns=" in picture  # without it no browser shows the picture
    device = Authenticator.objects.get(user=user)
    drawn = segno.make(device.config_url, error="m")
    assert picture == unquote(drawn.svg_data_uri(scale=5, border=4, light="white"))
    assert client.post(SET_UP, {"code": "000000"}).context["form"].errors
    assert not is_in(client)
    codes = set_up_after_wait(client, user)
    assert len(set(codes)) == 10
    assert is_in(client)


def set_up_after_wait(client, user):
    """A wrong code makes the next one wait; forget it, as time would."""
    Authenticator.objects.filter(user=user).update(throttling_failure_count=0)
    return set_up(client, user)


def owing_a_code(client):
    """Who has a second step and has logged in anew, not yet past it; and their recovery codes."""
    user = make_staff("claims.approve_batch")
    log_in(client, user)
    codes = set_up(client, user)
    client.logout()
    log_in(client, user)
    return user, codes


def test_each_login_asks_for_a_code_and_takes_it_once(client, required):
    user, _codes = owing_a_code(client)
    assert client.get("/").status_code == 302
    code = code_of(user)
    assert client.post(CODE, {"code": code, "next": "/"}).headers["Location"] == "/"
    assert "上次登录" in client.get("/").content.decode()
    client.logout()
    log_in(client, user)
    assert client.post(CODE, {"code": code}).context["form"].errors
    assert not is_in(client)


def test_a_wrong_code_makes_the_next_one_wait(client, required):
    user, _codes = owing_a_code(client)
    for _nth in range(3):
        Authenticator.objects.filter(user=user).update(throttling_failure_timestamp=None)
        client.post(CODE, {"code": "000000"})
    Authenticator.objects.filter(user=user).update(throttling_failure_count=6)
    refused = client.post(CODE, {"code": code_of(user)})
    assert "秒后再试" in refused.content.decode()
    assert not is_in(client)


def test_a_recovery_code_is_good_once(client, required):
    user, [first, *_others] = owing_a_code(client)
    assert client.post(CODE, {"code": first.upper()}).status_code == 302
    assert is_in(client)
    client.logout()
    log_in(client, user)
    assert client.post(CODE, {"code": first}).context["form"].errors
    assert not is_in(client)


def test_a_lost_device_is_reset_with_a_reason_and_logs_out(client, required):
    user = make_staff("claims.approve_batch")
    log_in(client, user)
    set_up(client, user)
    desk = Client()
    desk.force_login(make_user(["enrollment.change_user", "enrollment.view_user"]))
    address = reverse("admin:enrollment_user_reset_second_step", args=[user.pk])
    assert desk.post(address, {"reason": "手机遗失，本人到场"}).status_code == 302
    assert AccountEvent.objects.get().kind == AccountEvent.Kind.SECOND_STEP_RESET
    assert not is_in(client)
    log_in(client, user)
    assert client.get(CODE).headers["Location"] == SET_UP


def test_a_second_device_cannot_be_set_up_by_the_password_alone(client, required):
    user, _codes = owing_a_code(client)
    assert client.get(SET_UP).headers["Location"] == CODE
    assert client.post(SET_UP, {"code": "000000"}).headers["Location"] == CODE
    assert Authenticator.objects.filter(user=user).count() == 1


def test_a_clerk_needs_none(client, required):
    log_in(client, make_staff("claims.enter_claim"))
    assert is_in(client)


def test_a_demonstration_offers_it_and_requires_it_of_nobody(client, settings):
    settings.SECOND_STEP_REQUIRED = True
    make_bureau(is_demonstration=True)
    user = make_staff("claims.approve_batch")
    log_in(client, user)
    assert is_in(client)
    assert "可选用但不强制" in client.get(SET_UP).content.decode()
    set_up(client, user)
    client.logout()
    log_in(client, user)
    assert not is_in(client)


def test_the_second_step_begins_a_new_session_key(client, required):
    user = make_staff("claims.approve_batch")
    log_in(client, user)
    before = client.session.session_key
    assert client.session[OWED]
    set_up(client, user)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_where_to_go_next_stays_on_this_site(client, required):
    user, _codes = owing_a_code(client)
    answer = client.post(CODE, {"code": code_of(user), "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"
