"""Encryption of single values and keyed digests for exact search.

A sealed value is `key number (1 byte) | nonce (12) | AES-256-GCM ciphertext and tag`. A
digest is HMAC-SHA256 over the normalised value, so equal values can be found without being
readable. The key number is the first byte of the key's SHA-256: keys can be rotated by
putting a new one in front of `PORTAL_FIELD_KEYS`.
"""

import base64
import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class UnreadableValue(Exception):
    """A sealed value that none of the configured keys opens."""


@lru_cache(maxsize=4)
def _ciphers(encoded: tuple[str, ...]) -> tuple[tuple[bytes, AESGCM], ...]:
    keys = [base64.b64decode(key) for key in encoded]
    return tuple((hashlib.sha256(key).digest()[:1], AESGCM(key)) for key in keys)


def seal(text: str) -> bytes:
    """Encrypt a text with the newest key; the empty text stays empty."""
    if not text:
        return b""
    number, cipher = _ciphers(tuple(settings.PORTAL_FIELD_KEYS))[0]
    nonce = os.urandom(12)
    return number + nonce + cipher.encrypt(nonce, text.encode(), number)


class BulkSealer:
    """`seal` for hundreds of thousands of values: key set up once, random nonces drawn in blocks.

    Not for sharing between threads or over a fork: a nonce must never be used twice.
    """

    _BLOCK = 4096

    def __init__(self) -> None:
        self._number, cipher = _ciphers(tuple(settings.PORTAL_FIELD_KEYS))[0]
        self._encrypt = cipher.encrypt
        self._nonces = b""
        self._next = 0

    def __call__(self, text: str) -> bytes:
        """Encrypt a text; the empty text stays empty."""
        if not text:
            return b""
        at = self._next
        if at == len(self._nonces):
            self._nonces = os.urandom(12 * self._BLOCK)
            at = 0
        self._next = at + 12
        nonce = self._nonces[at : at + 12]
        return self._number + nonce + self._encrypt(nonce, text.encode(), self._number)


def unseal(sealed: bytes) -> str:
    """Decrypt; raises UnreadableValue when no key fits or the value was tampered with."""
    if not sealed:
        return ""
    sealed = bytes(sealed)
    for number, cipher in _ciphers(tuple(settings.PORTAL_FIELD_KEYS)):
        if sealed[:1] == number:
            try:
                return cipher.decrypt(sealed[1:13], sealed[13:], number).decode()
            except InvalidTag:
                continue
    raise UnreadableValue("no configured field key opens this value (PORTAL_FIELD_KEYS)")


def digest(text: str, purpose: str) -> bytes:
    """Keyed digest (32 bytes) of a normalised value; `purpose` keeps indexes apart."""
    return digester(purpose)(text)


class digester:  # noqa: N801 - reads as a function
    """A reusable keyed digest: the key schedule is done once for many values."""

    def __init__(self, purpose: str) -> None:
        key = base64.b64decode(settings.PORTAL_INDEX_KEY).ljust(64, b"\0")
        # HMAC written out (RFC 2104): the two hashes are set up once and copied per value,
        # which takes half the time of `hmac` objects.
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._inner.update(purpose.encode() + b"\0")
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def __call__(self, text: str) -> bytes:
        """The digest of one value."""
        inner = self._inner.copy()
        inner.update(text.encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()
