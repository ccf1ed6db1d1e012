"""Who may do what: each role's permissions on one page.

A role is a Django group named by its code; administrators may add groups of their own, but
these five are brought back to this table after each migrate.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

ROLES: dict[str, list[str]] = {
    "window_clerk": [],
    "reviewer": [],
    "finance": [],
    "supervisor": [],
    "administrator": [],
}


def sync_roles(**_kwargs: Any) -> None:
    """Give each role's group exactly its permissions; unknown names raise."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        wanted = []
        for name in names:
            app_label, codename = name.split(".")
            wanted.append(
                Permission.objects.get(content_type__app_label=app_label, codename=codename)
            )
        group.permissions.set(wanted)
