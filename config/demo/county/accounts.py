"""The demonstration's staff and the password that they share."""

import os
import secrets
from collections.abc import Mapping
from functools import cache
from itertools import cycle
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from config.demo.county.sources import StaffMember, county
from config.embedded.locks import exclusive
from config.roles import ROLES
from enrollment.access.roles import role_label
from enrollment.models import User

# Letters and digits that nobody mistakes for each other on a screen.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def demo_password(data_dir: Path) -> str:
    """The password of all demonstration accounts.

    Made once per data directory and kept in `demo-password`, readable by its owner only:
    the demonstration may be reachable by others, so no password stands in the repository.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    kept = data_dir / "demo-password"
    with exclusive(data_dir / "demo-password.lock"):
        if not kept.exists():
            unfinished = data_dir / "demo-password.new"
            unfinished.unlink(missing_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(f"demo-{_word()}-{_word()}")
            unfinished.rename(kept)
        return kept.read_text().strip()


@cache
def staff_members() -> tuple[StaffMember, ...]:
    """The county's staff as far as the portal has their roles, and one more for each other role.

    >>> {member.role for member in staff_members()} == set(ROLES)
    True
    """
    members = [member for member in county().staff if member.role in ROLES]
    taken = {member.role for member in members}
    without = [role for role in ROLES if role not in taken]
    spares = cycle(county().spare_names)
    members += [
        StaffMember(username=f"{role.replace('_', '-')}1", name=next(spares), role=role)
        for role in without
    ]
    return tuple(members)


def make_staff(password: str) -> dict[str, User]:
    """One account per line of the county's staff, by login name, each with its role."""
    staff = {}
    hashed = make_password(password)  # once: hashing is meant to take its time
    for member in staff_members():
        user = User(
            username=member.username,
            full_name=member.name,
            certificate_no=member.certificate,
            is_staff=True,
            password=hashed,
        )
        user.save()
        user.groups.add(Group.objects.get(name=member.role))
        staff[member.username] = user
    return staff


def renew_passwords(password: str) -> bool:
    """Give the accounts the kept password if the first no longer has it; whether it changed.

    After the data directory was lost, the database still has the accounts.
    """
    usernames = [member.username for member in staff_members()]
    first = User.objects.filter(username__in=usernames).order_by("pk").first()
    if first is None or first.check_password(password):
        return False
    User.objects.filter(username__in=usernames).update(password=make_password(password))
    return True


def account_list(password: str) -> list[Mapping[str, str]]:
    """Role in words, login name, name and password of each account."""
    return [
        {
            "role": role_label(member.role),
            "username": member.username,
            "name": member.name,
            "password": password,
        }
        for member in staff_members()
    ]


def _word() -> str:
    return "".join(secrets.choice(_SIGNS) for _nth in range(4))
