"""The second step in the database: nothing there would be enough to log in."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from enrollment.login.devices import Authenticator, RecoveryCodes, opened_key, sealed_key
from enrollment.login.second_step import (
    has_second_step,
    is_right,
    manual_key,
    new_recovery_codes,
    waiting_device,
)
from enrollment.tests.factories import make_user

pytestmark = pytest.mark.django_db
KEY = "3132333435363738393031323334353637383930"
sealing = import_module("enrollment.migrations.0041_seal_second_steps")


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  names of the test's own
        return [value for (value,) in cursor.fetchall()]


def test_a_new_key_is_sealed_and_stays_the_same_at_each_save():
    device = waiting_device(make_user())
    (kept,) = stored("otp_totp_totpdevice", "key")
    assert device.bin_key.hex() not in kept
    assert len(kept) <= 80
    shown = manual_key(device)
    again = Authenticator.objects.get(pk=device.pk)
    again.save()
    assert manual_key(Authenticator.objects.get(pk=device.pk)) == shown
    assert sealed_key(kept) == kept


def test_two_keys_alike_are_not_stored_alike():
    assert sealed_key(KEY) != sealed_key(KEY)
    assert opened_key(sealed_key(KEY)) == opened_key(KEY) == KEY


def test_codes_are_kept_as_digests_of_their_owners():
    user, other = make_user(), make_user()
    codes = new_recovery_codes(user)
    new_recovery_codes(other)
    kept = stored("otp_static_statictoken", "token")
    assert len(set(kept)) == 20
    plain = {code.replace("-", "") for code in codes}
    assert not plain & set(kept)
    assert not is_right(other, codes[0])
    assert is_right(user, codes[0])
    assert not is_right(user, codes[0])
    assert StaticToken.objects.filter(device__user=user).count() == 9


def test_what_is_stored_is_no_code_itself():
    user = make_user()
    new_recovery_codes(user)
    token = StaticToken.objects.first().token
    assert not RecoveryCodes.objects.get(user=user).verify_token(token)


def test_those_on_file_are_sealed_and_go_on_working():
    user = make_user()
    TOTPDevice.objects.create(user=user, name="portal", key=KEY)
    device = StaticDevice.objects.create(user=user, name="portal")
    StaticToken.objects.create(device=device, token="abcd2345")
    sealing.seal(apps, None)
    assert KEY not in stored("otp_totp_totpdevice", "key")
    assert stored("otp_static_statictoken", "token") != ["abcd2345"]
    assert Authenticator.objects.get().bin_key == bytes.fromhex(KEY)
    assert has_second_step(user)
    assert is_right(user, "ABCD-2345")
    sealing.unseal(apps, None)
    assert stored("otp_totp_totpdevice", "key") == [KEY]
    assert stored("otp_static_statictoken", "token") == []
