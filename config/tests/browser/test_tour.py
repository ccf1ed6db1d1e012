"""Every page that a role's menu leads to, on the demonstration county, in both languages."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from config.demo.county.loading import Scale, load_county
from config.demo.county.sources import county
from enrollment.models import PremiumStandard

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
# One of each role sees what all of the role see.
ONE_OF_EACH = {member.role: member.username for member in county().staff}


@pytest.fixture
def loaded(transactional_db):
    """The county; a test before may have emptied the tables that migrations fill."""
    today = timezone.localdate()
    PremiumStandard.objects.get_or_create(
        year=today.year, defaults={"personal": Decimal("400.00"), "source": "演示"}
    )
    load_county(on=today, seed=1, scale=Scale(residents=300, days=3), password=PASSWORD)


def test_every_page_of_every_role_is_clean_in_both_languages(desk, loaded):
    faults = []
    seen: set[str] = set()
    for role, username in ONE_OF_EACH.items():
        clerk = desk()
        clerk.log_in(username, PASSWORD)
        clerk.shows("演示数据")
        chinese = clerk.tour(partial(clerk.proven, seen))
        clerk.page.locator(".usermenu summary").click()
        clerk.follow(".usermenu button[value=en]")
        assert clerk.page.locator("html").get_attribute("lang") == "en"
        assert clerk.tour() == chinese
        assert chinese
        clerk.log_out()
        faults += [f"{role} {fault}" for fault in clerk.faults]
    assert not faults, "\n".join(faults)
