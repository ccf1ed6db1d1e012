"""A session from login to its idle end.

The session keeps when it was last used, how long it may rest, and whether a second step or a
new password is owed, so that a request asks the database nothing for it.
"""

import time
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau

SEEN, REST, OWED = "seen_at", "rest_minutes", "second_step_owed"
CHANGE_OWED = "password_change_owed"
# The session is written again at most this often, in seconds.
PRECISION = 30
# Seconds before the end at which the page asks whether somebody is still there.
WARNING = 60


def begin_session(request: HttpRequest, *, second_step: bool, new_password: bool) -> None:
    """After a login: note the time, the bureau's limit, and what is still owed."""
    session = request.session
    session[SEEN] = int(time.time())
    session[REST] = current_bureau().idle_minutes
    session[OWED] = second_step
    if new_password:
        session[CHANGE_OWED] = True


def seconds_left(session: SessionBase) -> int | None:
    """Until the session ends by rest; None for one without a limit."""
    seen, rest = session.get(SEEN), session.get(REST)
    if seen is None or not rest:
        return None
    return int(seen) + int(rest) * 60 - int(time.time())


def note_use(session: SessionBase) -> None:
    """Somebody is at the desk; written at most every `PRECISION` seconds."""
    seen = session.get(SEEN)
    if seen is not None and time.time() - int(seen) >= PRECISION:
        session[SEEN] = int(time.time())


def owes_second_step(session: SessionBase) -> bool:
    """Whether the password alone was given so far."""
    return bool(session.get(OWED))


def second_step_done(session: SessionBase) -> None:
    """The code was right: the session may work, under a new key."""
    session.cycle_key()
    session[OWED] = False


def owes_new_password(session: SessionBase) -> bool:
    """Whether somebody else set the password, and it was not changed since."""
    return bool(session.get(CHANGE_OWED))


def password_changed(session: SessionBase) -> None:
    """The password is one's own now: the session may work."""
    session.pop(CHANGE_OWED, None)


def end_sessions(user: User, *, besides: str | None = None) -> int:
    """End every session of the user, except the one of that key; how many."""
    ended = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now())
        if session.pk != besides and _user_of(session.get_decoded()) == str(user.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _user_of(data: dict[str, Any]) -> str:
    return str(data.get(SESSION_KEY, ""))
