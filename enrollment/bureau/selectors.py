"""Reading the bureau's settings."""

from django.utils.translation import gettext as _

from enrollment.bureau.models import Bureau


def current_bureau() -> Bureau:
    """The bureau's settings; the defaults, unsaved, before anybody has set it up."""
    return Bureau.objects.select_related("division").first() or Bureau()


def reviewing_government() -> str:
    """Who hears a reconsideration: the government that the bureau belongs to (复议法 §24)."""
    division = current_bureau().division
    if division is None:
        return _("the people's government of the same level")
    return _("the People's Government of %(place)s") % {"place": division.name}
