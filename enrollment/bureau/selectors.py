"""Reading the bureau's settings."""

from enrollment.bureau.models import Bureau


def current_bureau() -> Bureau:
    """The bureau's settings; the defaults, unsaved, before anybody has set it up."""
    return Bureau.objects.select_related("division").first() or Bureau()
