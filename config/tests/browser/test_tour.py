"""Every page that a role's menu leads to, in both languages, in a real browser."""

import pytest

from config.demo.county.accounts import make_staff
from config.demo.county.sources import county

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"


@pytest.mark.parametrize("username", [member.username for member in county().staff])
def test_every_page_of_a_role_is_clean_in_both_languages(username, desk, transactional_db):
    make_staff(PASSWORD)
    clerk = desk()
    clerk.log_in(username, PASSWORD)
    clerk.tour()
    clerk.page.locator(".usermenu summary").click()
    clerk.follow("English", within=".usermenu")
    assert clerk.page.locator("html").get_attribute("lang") == "en"
    clerk.tour()
    assert clerk.faults == []
    assert len(clerk.seen) > 4
