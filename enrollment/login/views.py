"""The second step at login, its set-up, and the session's own address."""

from typing import Any, TypeVar

import segno
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enrollment.access.requests import staff_of
from enrollment.login import second_step
from enrollment.login.forms import CodeForm, LoginCodeForm
from enrollment.login.sessions import (
    end_sessions,
    note_use,
    owes_second_step,
    second_step_done,
    seconds_left,
)
from enrollment.login.start import tell_last_login

_R = TypeVar("_R", bound=HttpResponse)


@require_http_methods(["GET", "POST"])
def ask_code(request: HttpRequest) -> HttpResponse:
    """After the password: the code; or its set-up for who must have one and has none yet."""
    user = staff_of(request)
    if not owes_second_step(request.session):
        return redirect("admin:index")
    if not second_step.has_second_step(user):
        return redirect("admin:portal_second_step_setup")
    form = LoginCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waits = second_step.waits_until(user)
        if waits:
            text = _("Too many wrong codes: try again in %(seconds)s seconds.")
            form.add_error("code", text % {"seconds": waits})
        elif second_step.is_right(user, form.cleaned_data["code"]):
            second_step_done(request.session)
            tell_last_login(request)
            _tell_what_is_left(request)
            return redirect(_next(request))
        else:
            form.add_error("code", _("This code is not right, or was used already."))
    context = {
        **admin.site.each_context(request),
        "title": _("Second step of the login"),
        "form": form,
        "next": _next(request),
    }
    return _unkept(render(request, "login/code.html", context))


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Scan, confirm by a code, take the recovery codes; or renew them."""
    user = staff_of(request)
    has_one = second_step.has_second_step(user)
    if has_one and owes_second_step(request.session):
        return redirect("admin:portal_second_step")
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Second step of the login"),
        "has_one": has_one,
        "is_required": second_step.is_required(user),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        codes = _changed(request, form.cleaned_data["code"], has_one=has_one)
        if codes is not None:
            context.update(codes=codes, form=None)
            return _unkept(render(request, "login/recovery_codes.html", context))
        form.add_error("code", _("This code is not right, or was used already."))
    if has_one:
        context["codes_left"] = second_step.recovery_codes_left(user)
    else:
        device = second_step.waiting_device(user)
        picture = segno.make(device.config_url, error="m")
        # On white with a margin, so that a camera reads it on any ground.
        context["picture"] = picture.svg_data_uri(scale=5, border=4, light="white")
        context["key"] = second_step.manual_key(device)
    return _unkept(render(request, "login/set_up.html", context))


def _changed(request: HttpRequest, code: str, *, has_one: bool) -> list[str] | None:
    """New recovery codes if the code was right."""
    user = staff_of(request)
    if has_one:
        right = second_step.is_right(user, code)
        return second_step.new_recovery_codes(user) if right else None
    codes = second_step.confirm_device(user, code)
    if codes is not None and owes_second_step(request.session):
        second_step_done(request.session)
        tell_last_login(request)
    return codes


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Seconds until the session ends by rest; a POST says that somebody is at the desk."""
    if request.method == "POST":
        note_use(request.session)
    return _unkept(JsonResponse({"left": seconds_left(request.session)}))


@require_http_methods(["POST"])
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of one's own, this one too."""
    user = staff_of(request)
    end_sessions(user)
    logout(request)
    messages.info(request, _("You are logged out everywhere."))
    return redirect("admin:login")


def _tell_what_is_left(request: HttpRequest) -> None:
    """Warn before the last recovery codes are gone."""
    left = second_step.recovery_codes_left(staff_of(request))
    if left < 3:
        text = _("%(count)s recovery codes are left: make new ones under your name.")
        messages.warning(request, text % {"count": left})


def _next(request: HttpRequest) -> str:
    """Where the login was going to, on this site only."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return reverse(settings.LOGIN_REDIRECT_URL)


def _unkept(answer: _R) -> _R:
    """Not kept by browsers and proxies."""
    answer["Cache-Control"] = "no-store, private"
    return answer
