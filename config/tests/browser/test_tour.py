"""Every page that a role's menu leads to, on the demonstration county, in both languages."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from config.demo.county.loading import Scale, load_county
from config.demo.county.sources import county
from config.tests.browser.driving import kind_of_page
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
    """In Chinese every page of each role; in English each kind of page once."""
    faults = []
    proven: set[str] = set()
    read_in_english: set[str] = set()
    for role, username in ONE_OF_EACH.items():
        clerk = desk()
        clerk.log_in(username, PASSWORD)
        clerk.shows("演示数据")
        pages = clerk.tour(partial(clerk.proven, proven))
        assert pages
        clerk.page.locator(".usermenu summary").click()
        clerk.follow(".usermenu button[value=en]")
        assert clerk.page.locator("html").get_attribute("lang") == "en"
        for page in pages:
            kind = kind_of_page(page)
            if kind not in read_in_english:
                read_in_english.add(kind)
                clerk.open(page)
        clerk.log_out()
        faults += [f"{role} {fault}" for fault in clerk.faults]
    assert not faults, "\n".join(faults)
