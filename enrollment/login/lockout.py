"""The page after too many wrong passwords."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """How long to wait and who helps, in the portal's frame; status 429.

    The same for a login name that does not exist: the page tells nothing about it.
    """
    rest = get_cool_off(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Too many wrong passwords"),
        "minutes": int(rest.total_seconds() // 60) if rest else None,
    }
    return render(request, "login/locked.html", context, status=429)
