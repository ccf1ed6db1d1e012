"""The second step's keys as the database holds them: sealed, and recovery codes as digests.

Both are the library's models with its tables, throttling and time steps; only what would be
enough to log in is written otherwise. A key of 20 bytes, sealed, has room in the library's column.
"""

import base64
import hmac
from binascii import hexlify, unhexlify
from collections.abc import Iterable
from typing import Any

from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from enrollment.privacy.crypto import digest, seal, unseal

_PLAIN = 40  # signs of a key in the clear: 20 bytes in hexadecimal
_TOKEN = 16  # signs that the library's column of codes has room for: 96 bits


def sealed_key(key: str) -> str:
    """The hexadecimal key as it is stored; one that is sealed already stays."""
    if len(key) != _PLAIN:
        return key
    plain = base64.b64encode(unhexlify(key)).decode().rstrip("=")
    return base64.b64encode(seal(plain)).decode()


def opened_key(stored: str) -> str:
    """The key in hexadecimal; an older release may have left it in the clear."""
    if len(stored) == _PLAIN:
        return stored
    plain = unseal(base64.b64decode(stored))
    return hexlify(base64.b64decode(plain + "=")).decode()


def code_digest(user_id: int, code: str) -> str:
    """What is kept of a recovery code: without the portal's key nobody tries codes on it."""
    whole = digest(f"{user_id}:{code}", "recovery_code")
    return base64.urlsafe_b64encode(whole).decode()[:_TOKEN]


class Authenticator(TOTPDevice):  # type: ignore[misc]  # the library has no types
    """An authenticator whose key is sealed in the database."""

    class Meta:
        proxy = True
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        """The key as bytes, for the codes and for the picture to scan."""
        return unhexlify(opened_key(str(self.key)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never in the clear."""
        self.key: str = sealed_key(str(self.key))
        super().save(*args, **kwargs)


class RecoveryCodes(StaticDevice):  # type: ignore[misc]  # as above
    """The recovery codes of somebody, of which the database knows digests."""

    class Meta:
        proxy = True
        default_permissions = ()

    def keep(self, codes: Iterable[str]) -> None:
        """These codes are good from now on."""
        StaticToken.objects.bulk_create(
            StaticToken(device=self, token=code_digest(self.user_id, code)) for code in codes
        )

    def verify_token(self, token: str) -> bool:
        """Whether the code is one of them; it is used up then, and a wrong one makes wait."""
        if not self.verify_is_allowed()[0]:
            return False
        asked = code_digest(self.user_id, token)
        found = [one for one in self.token_set.all() if hmac.compare_digest(one.token, asked)]
        if not found:
            self.throttle_increment()
            return False
        for one in found:
            one.delete()
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True
