"""Reading the bureau's settings."""

from django.core.exceptions import ImproperlyConfigured

from enrollment.bureau.models import Bureau


def current_bureau() -> Bureau:
    """The bureau; raises ImproperlyConfigured before it has been set up."""
    bureau = Bureau.objects.select_related("division").first()
    if bureau is None:
        raise ImproperlyConfigured(
            "The bureau is not set up yet: run `manage.py demo` or add the bureau settings."
        )
    return bureau
