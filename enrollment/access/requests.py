"""Who asks."""

from django.http import HttpRequest

from enrollment.access.models import User


def staff_of(request: HttpRequest) -> User:
    """The member of staff behind a request; the site has asked for a login before."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("this page needs a member of staff")
    return user
