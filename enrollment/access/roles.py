"""The bureau's roles; each is a permission group named by its code."""

from django.contrib.auth.models import Permission
from django.db import models
from django.utils.translation import gettext, pgettext
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


def permission_label(permission: Permission) -> str:
    """What a permission allows, in words: `View: residents`.

    The permissions of Django's own four verbs are put together; the others carry the words
    of their model's `Meta.permissions`.
    """
    verbs = {
        "view": gettext("View"),
        "add": gettext("Enter"),
        "change": gettext("Change"),
        "delete": gettext("Delete"),
    }
    verb, _sep, model_name = permission.codename.partition("_")
    model = permission.content_type.model_class()
    if model is not None and verb in verbs and model_name == model._meta.model_name:
        colon = pgettext("between label and text", ": ")
        return f"{verbs[verb]}{colon}{model._meta.verbose_name_plural}"
    return gettext(permission.name)
