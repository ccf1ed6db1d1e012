"""Every kind of page that a menu leads to, on the demonstration county, in both languages."""

from collections import Counter
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from config.demo.county.loading import Scale, load_county
from config.demo.county.sources import county
from config.tests.browser.driving import kind_of_page
from enrollment.models import PremiumStandard

pytestmark = pytest.mark.browser
ROLES_PER_PAGE = 2
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


def opens_for(role: str, opened: Counter[str], address: str) -> bool:
    """Whether this role opens the page; `opened` counts by kind who has."""
    kind = urlsplit(kind_of_page(address)).path
    opened[kind] += 1
    return role == "auditor" or opened[kind] <= ROLES_PER_PAGE


def test_every_page_of_every_role_is_clean_in_both_languages(desk, loaded):
    """In Chinese each area of each role and each kind of page; in English each kind once.

    A kind of page is opened by two roles, and by the auditor, who may change none: which role
    gets which page at all is asked page by page in `test_scope`.
    """
    faults = []
    proven: set[str] = set()
    opened: Counter[str] = Counter()
    read_in_english: set[str] = set()
    for role, username in ONE_OF_EACH.items():
        clerk = desk()
        clerk.log_in(username, PASSWORD)
        clerk.shows("演示数据")
        opens = partial(opens_for, role, opened)
        pages = clerk.tour(partial(clerk.proven, proven), opens)
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
