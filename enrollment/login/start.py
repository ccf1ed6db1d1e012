"""The moment after the password was right."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.login.second_step import has_second_step, is_required
from enrollment.login.sessions import begin_session

_LAST = "last_login"


def last_login_of(request: HttpRequest) -> datetime | None:
    """When the login name of a login form was last used; one statement, for a POST only."""
    name = request.POST.get("username", "").replace("\0", "") if request.method == "POST" else ""
    if not name:
        return None
    return User.objects.filter(username=name).values_list("last_login", flat=True).first()


def begin(request: HttpRequest, user: User, *, last_login: datetime | None) -> None:
    """Start the session and say when the account was last used: a stranger's use is noticed."""
    owed = has_second_step(user) or is_required(user)
    begin_session(request, second_step=owed, new_password=user.must_change_password)
    if last_login is not None:
        request.session[_LAST] = timezone.localtime(last_login).strftime("%Y-%m-%d %H:%M")
    if not owed:
        tell_last_login(request)


def tell_last_login(request: HttpRequest) -> None:
    """Once, on the first page that the person may see."""
    at = request.session.pop(_LAST, None)
    if at is not None:
        messages.info(request, _("Last login: %(at)s.") % {"at": at})
