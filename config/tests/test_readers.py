"""Roles that only read are offered no act that they never have, not even disabled."""

from typing import Any

import pytest

from config.tests.scoped_county import Ground, address, screens, staff

pytestmark = pytest.mark.django_db
RECORDS = 30


def records() -> list[Any]:
    """Some records of every screen."""
    return [
        record
        for screen in screens().values()
        for record in screen._default_manager.order_by("pk")[:RECORDS]
    ]


@pytest.mark.parametrize("role", ["auditor", "leader"])
def test_who_only_reads_is_offered_no_act(ground: Ground, role: str) -> None:
    client = staff(role)
    seen, offered = 0, []
    for record in records():
        page = client.get(address(record, "change", record.pk))
        if page.status_code != 200 or "object_actions" not in (page.context or {}):
            continue
        seen += 1
        offered += [
            (str(record), str(action.label), str(action.reason))
            for action in page.context["object_actions"]
            if not action.enabled
        ]
    assert seen > 20
    assert offered == []
