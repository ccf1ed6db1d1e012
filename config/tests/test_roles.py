"""The five roles are there after a migration, with their permissions."""

import pytest
from django.contrib.auth.models import Group

from config.roles import ROLES, sync_roles
from enrollment.access.roles import Role

pytestmark = pytest.mark.django_db


def permissions_of(role):
    rows = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app_label}.{codename}" for app_label, codename in rows}


@pytest.mark.parametrize("role", Role.values)
def test_a_migrated_database_has_the_role_with_exactly_its_permissions(role):
    assert permissions_of(role) == set(ROLES[role])


def test_what_somebody_added_to_a_role_is_taken_back():
    clerks = Group.objects.get(name=Role.WINDOW_CLERK)
    clerks.permissions.set(Group.objects.get(name=Role.FINANCE).permissions.all())
    sync_roles()
    assert permissions_of(Role.WINDOW_CLERK) == set(ROLES[Role.WINDOW_CLERK])
