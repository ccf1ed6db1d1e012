"""The bureau's roles; each is a permission group named by its code."""

from collections.abc import Collection

from django.contrib.auth.models import Permission
from django.db import models
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who does what in the bureau; `config.roles` says which permissions each role has."""

    WINDOW_CLERK = "window_clerk", _("Window clerk")
    REVIEWER = "reviewer", _("Reviewer")
    WINDOW_HEAD = "window_head", _("Head of the windows")
    BENEFIT_OFFICER = "benefit_officer", _("Benefit officer")
    ENROLMENT_OFFICER = "enrolment_officer", _("Enrolment officer")
    INSTITUTION_OFFICER = "institution_officer", _("Institution officer")
    FINANCE = "finance", _("Finance")
    SUPERVISOR = "supervisor", _("Fund supervisor")
    LEADER = "leader", _("Bureau leader")
    AUDITOR = "auditor", _("Internal auditor")
    OPERATOR = "operator", _("System operator")
    ADMINISTRATOR = "administrator", _("System administrator")


# Whoever audits, runs the machines or grants roles holds no second role: a person who can
# give themselves a power must not have another one to use it with.
HELD_ALONE = frozenset({Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR})


def conflicting_role(names: Collection[str]) -> str | None:
    """The code of a role among `names` that must be held alone but is not; None when fine.

    >>> conflicting_role(["reviewer", "window_head"])
    >>> conflicting_role(["finance", "administrator"])
    'administrator'
    """
    if len(names) < 2:
        return None
    return next((role.value for role in Role if role in HELD_ALONE and role in names), None)


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
