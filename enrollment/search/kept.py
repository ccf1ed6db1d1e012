"""What was searched for, kept in the session: never in an address, never readable.

The page of results has an address of its own, so that going back to it asks nothing again.
The session holds the last few terms, each sealed, under a random name.
"""

import base64
from secrets import token_urlsafe

from django.contrib.sessions.backends.base import SessionBase

from enrollment.privacy.crypto import UnreadableValue, seal, unseal

_KEY = "searches"
_KEPT = 10


def keep(session: SessionBase, term: str) -> str:
    """Remember a term; gives the name that finds it again. The oldest is forgotten."""
    name = token_urlsafe(6)
    earlier = list(session.get(_KEY, {}).items())[-(_KEPT - 1) :]
    session[_KEY] = dict([*earlier, (name, base64.b64encode(seal(term)).decode())])
    return name


def recall(session: SessionBase, name: str) -> str | None:
    """The term of that name; None when it is no longer kept."""
    sealed = session.get(_KEY, {}).get(name)
    if sealed is None:
        return None
    try:
        return unseal(base64.b64decode(sealed))
    except UnreadableValue:
        return None
