"""Check codes and QR codes of papers."""

import hashlib
import io
import unicodedata
from base64 import b64encode

import segno

from enrollment.privacy.crypto import digester

# Crockford's base 32: no I, L, O, U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def sha256(text: str) -> str:
    """SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def check_code(kind: str, number: str, version: int, language: str, digest: str) -> str:
    """The keyed check code of a paper: 12 characters, 60 bits of an HMAC-SHA-256.

    Whoever does not hold the portal's key can neither make one nor fit one to another figure.
    """
    signed = "\n".join((kind, number, str(version), language, digest))
    value = int.from_bytes(digester("paper")(signed), "big")
    return "".join(ALPHABET[value >> (5 * at) & 31] for at in range(LENGTH))


def read_code(text: str) -> str:
    """A check code as somebody typed or scanned it: blanks, dashes, case, misread letters.

    >>> read_code(" 1abc-defg-hiol ")
    '1ABCDEFGH101'
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(mark for mark in plain if mark.isalnum())
    return kept.translate(_MISREAD)


def qr_data(text: str) -> str:
    """The QR code of a text as the address of an inline image (`data:image/svg+xml`)."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, encoding="utf-8")
    code.save(out, kind="svg", xmldecl=False, svgns=True, border=2, dark="#000", light="#fff")
    return f"data:image/svg+xml;base64,{b64encode(out.getvalue()).decode()}"
