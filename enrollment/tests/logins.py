"""Somebody who logs in, for the tests of logins."""

import re
import time

from django_otp.oath import totp

from enrollment.login.devices import Authenticator
from enrollment.tests.factories import make_user

PASSWORD = "portal-2026-x"
SET_UP = "/second-step/set-up/"


def make_staff(*permissions, **fields):
    user = make_user(permissions, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, user, password=PASSWORD, **more):
    return client.post("/login/", {"username": user.username, "password": password, **more})


def is_in(client):
    return client.get("/").status_code == 200


def code_of(user, *, confirmed=True):
    """What the user's authenticator shows next, never one that was used before."""
    device = Authenticator.objects.get(user=user, confirmed=confirmed)
    shown = max(int(time.time()) // device.step, device.last_t + 1)
    return f"{totp(device.bin_key, t0=-(shown * device.step - int(time.time()))):06d}"


def set_up(client, user):
    client.get(SET_UP)
    page = client.post(SET_UP, {"code": code_of(user, confirmed=False)}).content.decode()
    return re.findall(r'<li class="code">([a-z0-9]{4}-[a-z0-9]{4})</li>', page)
