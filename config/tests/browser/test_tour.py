"""Every page that a role's menu leads to, on the demonstration county, in both languages."""

import pytest
from django.utils import timezone

from config.demo.county.loading import Scale, load_county
from config.demo.county.sources import county

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
# One of each role sees what all of the role see.
ONE_OF_EACH = {member.role: member.username for member in county().staff}


def test_every_page_of_every_role_is_clean_in_both_languages(desk, transactional_db):
    load_county(
        on=timezone.localdate(), seed=1, scale=Scale(residents=300, days=3), password=PASSWORD
    )
    faults = []
    for role, username in ONE_OF_EACH.items():
        clerk = desk()
        clerk.log_in(username, PASSWORD)
        clerk.shows("演示数据")
        chinese = clerk.tour()
        clerk.page.locator(".usermenu summary").click()
        clerk.follow("English", within=".usermenu")
        assert clerk.page.locator("html").get_attribute("lang") == "en"
        assert clerk.tour() == chinese
        assert len(chinese) > 3
        clerk.log_out()
        faults += [f"{role} {fault}" for fault in clerk.faults]
    assert not faults, "\n".join(faults)
