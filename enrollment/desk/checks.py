"""What the admin site promises, checked when a command starts."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.checks import CheckMessage, Error, register

from enrollment.access.scope import undeclared
from enrollment.desk.scoped import ScopedAdmin


@register()
def every_screen_is_scoped(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Each registered model says how it belongs to a township, and its admin obeys it."""
    registered = admin.site._registry
    return [
        *(
            Error(
                f"{model._meta.label} is on a screen but does not say how it is scoped.",
                hint=f"Declare it in {model._meta.app_label}/scopes.py or config/scopes.py.",
                obj=model,
                id="portal.E001",
            )
            for model in undeclared(registered)
        ),
        *(
            Error(
                f"{type(screen).__name__} shows all townships to everybody.",
                hint="Derive it from enrollment.desk.admin.PortalModelAdmin.",
                obj=model,
                id="portal.E002",
            )
            for model, screen in registered.items()
            if not isinstance(screen, ScopedAdmin)
        ),
    ]
