"""Ends a session that rests too long; holds one that owes its second step or a new password."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from enrollment.login.sessions import (
    note_use,
    owes_new_password,
    owes_second_step,
    seconds_left,
)

# A request that a page makes by itself says so: nobody need be at the desk.
BY_ITSELF = "X-By-Itself"
# What a session may do that still owes its second step.
BEFORE_THE_SECOND_STEP = {
    "portal_second_step",
    "portal_second_step_setup",
    "portal_session",
    "logout",
    "set_language",
    "jsi18n",
}
# And what one may do whose password somebody else has set.
BEFORE_THE_NEW_PASSWORD = BEFORE_THE_SECOND_STEP | {"password_change"}


class SessionMiddleware:
    """Between authentication and the views; no statement of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through, or lead to the login or the second step."""
        session = request.session
        if SESSION_KEY not in session:
            return self.get_response(request)
        left = seconds_left(session)
        if left is not None and left <= 0:
            return _ended(request)
        name = _name_of(request)
        if owes_second_step(session) and name not in BEFORE_THE_SECOND_STEP:
            return _held("admin:portal_second_step", request)
        if owes_new_password(session) and name not in BEFORE_THE_NEW_PASSWORD:
            return _held("admin:password_change", request)
        if name != "portal_session" and BY_ITSELF not in request.headers:
            note_use(session)
        return self.get_response(request)


def _ended(request: HttpRequest) -> HttpResponse:
    """To the login, with why, and back to the page afterwards."""
    logout(request)
    text = _("You were logged out because nobody used the portal for a while. Log in again.")
    messages.info(request, text)
    if request.headers.get("HX-Request"):
        return _redirect_page(reverse("admin:login"))
    return redirect(_with_next("admin:login", request))


def _held(name: str, request: HttpRequest) -> HttpResponse:
    """To what is owed first."""
    if request.headers.get("HX-Request"):
        return _redirect_page(reverse(name))
    return redirect(_with_next(name, request))


def _redirect_page(url: str) -> HttpResponse:
    """For a fragment: the whole page goes there."""
    return HttpResponse(headers={"HX-Redirect": url})


def _with_next(name: str, request: HttpRequest) -> str:
    """The address, with the page to return to; what was to be sent is not sent again."""
    back = request.get_full_path() if request.method == "GET" else ""
    return f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name)


def _name_of(request: HttpRequest) -> str:
    """The name of the address; empty for none."""
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
