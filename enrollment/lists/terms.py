"""What was typed into a list's search box, as its address may hold it.

An address is kept by browsers, proxies and whoever it is passed to: a whole identity number
stands in it sealed, and in words masked.
"""

import base64
import binascii
import re

from enrollment.privacy.crypto import UnreadableValue, seal, unseal
from enrollment.values.identifiers import mask_id
from enrollment.values.written import half_width_words

_SEALED = "~"
_FULL_ID = re.compile(r"[0-9]{17}[0-9Xx]")


def addressed(typed: str) -> str:
    """The term as the address holds it."""
    if not _is_number(typed):
        return typed
    return _SEALED + base64.urlsafe_b64encode(seal(typed)).decode().rstrip("=")


def opened(term: str) -> str:
    """The term that was typed; one that nobody here has sealed is left as it is."""
    if not term.startswith(_SEALED):
        return term
    sealed = term.removeprefix(_SEALED)
    try:
        return unseal(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))) or term
    except (binascii.Error, UnreadableValue, ValueError):
        return term


def in_words(term: str) -> str:
    """The term beside the list and in logs: a whole number masked."""
    return mask_id("".join(half_width_words(term).split())) if _is_number(term) else term


def as_shown(text: str) -> str:
    """Any text as a page can show it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _is_number(term: str) -> bool:
    return bool(_FULL_ID.fullmatch("".join(half_width_words(term).split())))
