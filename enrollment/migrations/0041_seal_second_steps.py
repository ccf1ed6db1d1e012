"""Keys of authenticators are sealed and recovery codes kept as digests, those on file too.

In place: the columns are the library's. An old web process that still runs while this goes on
refuses codes until it is replaced; nobody gets in without one. Backwards, keys are opened again
and recovery codes, which cannot be, are gone: whoever needs some makes new ones.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations

PLAIN_KEY, KEPT_CODE = 40, 16


def ciphers():
    keys = [base64.b64decode(key) for key in settings.PORTAL_FIELD_KEYS]
    return [(hashlib.sha256(key).digest()[:1], AESGCM(key)) for key in keys]


def seal(apps, schema_editor):
    number, cipher = ciphers()[0]
    for device in apps.get_model('otp_totp', 'TOTPDevice').objects.select_for_update():
        if len(device.key) != PLAIN_KEY:
            continue
        plain = base64.b64encode(bytes.fromhex(device.key)).rstrip(b'=')
        nonce = os.urandom(12)
        sealed = number + nonce + cipher.encrypt(nonce, plain, number)
        device.key = base64.b64encode(sealed).decode()
        device.save(update_fields=['key'])
    index_key = base64.b64decode(settings.PORTAL_INDEX_KEY)
    tokens = apps.get_model('otp_static', 'StaticToken').objects.select_related('device')
    for token in tokens.select_for_update(of=('self',)):
        text = f'recovery_code\0{token.device.user_id}:{token.token}'
        kept = hmac.digest(index_key, text.encode(), 'sha256')
        token.token = base64.urlsafe_b64encode(kept).decode()[:KEPT_CODE]
        token.save(update_fields=['token'])


def unseal(apps, schema_editor):
    for device in apps.get_model('otp_totp', 'TOTPDevice').objects.select_for_update():
        if len(device.key) == PLAIN_KEY:
            continue
        sealed = base64.b64decode(device.key)
        cipher = next(cipher for number, cipher in ciphers() if number == sealed[:1])
        plain = cipher.decrypt(sealed[1:13], sealed[13:], sealed[:1])
        device.key = base64.b64decode(plain + b'=').hex()
        device.save(update_fields=['key'])
    apps.get_model('otp_static', 'StaticToken').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0040_sealed_second_step'),
    ]

    operations = [
        migrations.RunPython(seal, unseal),
    ]
