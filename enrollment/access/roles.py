"""The bureau's roles; each is a permission group named by its code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who does what in the bureau; `config.roles` says which permissions each role has."""

    WINDOW_CLERK = "window_clerk", _("Window clerk")
    REVIEWER = "reviewer", _("Reviewer")
    FINANCE = "finance", _("Finance")
    SUPERVISOR = "supervisor", _("Fund supervisor")
    ADMINISTRATOR = "administrator", _("System administrator")


def role_label(name: str) -> str:
    """The role in words; a group that administrators added keeps the name they gave it."""
    return str(Role(name).label) if name in Role.values else name
