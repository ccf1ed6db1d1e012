"""Each role's desk on the demonstration county: every card and figure leads to its rows."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from config.demo.county.loading import Scale, load_county
from config.demo.county.sources import county
from enrollment.access.models import User
from enrollment.access.roles import Role
from enrollment.models import Person, PremiumStandard

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
A_PAGE = 50
# The list of failed payments holds the corrected ones too; a missing year is no row yet.
LIST_IS_WIDER = {"accounts_to_correct", "calendar_missing", "bureau_settings_missing"}
STAFF = {member.role: member.username for member in county().staff}


@pytest.fixture
def loaded(transactional_db):
    """The county; a test before may have emptied the tables that migrations fill."""
    today = timezone.localdate()
    PremiumStandard.objects.get_or_create(
        year=today.year, defaults={"personal": Decimal("400.00"), "source": "演示"}
    )
    load_county(on=today, seed=1, scale=Scale(residents=300, days=3), password=PASSWORD)


def sit(desk, role):
    """A window of somebody of the role; the demonstration has not all of them."""
    username = STAFF.get(role)
    if username is None:
        username = f"a-{role}"
        user = User.objects.create_user(
            username, password=PASSWORD, is_staff=True, full_name="演示员工"
        )
        user.groups.set([Group.objects.get(name=role)])
    clerk = desk()
    clerk.log_in(username, PASSWORD)
    return clerk


def cards(clerk):
    """Key, count as shown and address of each card, and the addresses that it names."""
    return clerk.page.locator("[data-queue]").evaluate_all(
        """cards => cards.map(card => [card.dataset.queue,
             card.querySelector(".queue-count").textContent,
             card.querySelector(".queue-title").href,
             [...card.querySelectorAll(".queue-first a")].map(a => a.href)])"""
    )


def open_cards(clerk):
    """Every card leads to as many rows as it promises, and to each record that it names."""
    for key, shown, address, named in cards(clerk):
        clerk.open(address)
        rows = clerk.page.locator("#result_list tbody tr").count()
        if key not in LIST_IS_WIDER:
            assert rows == min(int(shown.replace(",", "")), A_PAGE), key
        for one in named:
            clerk.open(one)
            assert clerk.page.locator("main h1").count() == 1
            assert clerk.page.locator("text=没有权限").count() == 0


# One county for all roles: to load it takes as long as to look at a desk.
def test_every_card_and_figure_of_every_desk_leads_to_the_rows_that_it_promises(desk, loaded):
    faults = []
    for role in Role.values:
        clerk = sit(desk, role)
        open_cards(clerk)
        faults += [f"{role} {fault}" for fault in clerk.faults]
        clerk.page.context.close()
    assert not faults, "\n".join(faults)
    look_at_the_leaders_figures(sit(desk, Role.LEADER))
    look_at_the_operators_machines(sit(desk, Role.OPERATOR))


def look_at_the_leaders_figures(clerk):
    boards = clerk.page.locator("[data-board]").evaluate_all("all => all.map(b => b.dataset.board)")
    assert boards == ["fund", "waiting", "payments", "guard"]
    figures = clerk.page.locator("[data-board] a").evaluate_all("all => all.map(a => a.href)")
    assert len(figures) > 10
    for address in dict.fromkeys(figures):
        clerk.open(address)
        expect(clerk.page.locator("#changelist")).to_be_visible()
    assert not clerk.faults, "\n".join(clerk.faults)


def look_at_the_operators_machines(clerk):
    expect(clerk.page.locator("[data-board=machines] dt").first).to_be_visible(timeout=15_000)
    assert clerk.page.locator("[data-finder]").count() == 0
    text = clerk.texts()
    assert not [name for name in Person.objects.values_list("name", flat=True) if name in text]
    assert not clerk.faults, "\n".join(clerk.faults)


def test_a_clerk_finds_a_resident_from_anywhere_with_the_keyboard(desk, loaded):
    person = Person.objects.order_by("id").first()
    clerk = sit(desk, Role.WINDOW_CLERK)
    for page in ("/", "/claims/claim/"):
        clerk.open(page)
        clerk.press("Control+k")
        clerk.type(person.id_number)
        clerk.press_and_go("Enter")
        expect(clerk.page.locator("main h1")).to_have_text(person.name)
        assert person.id_number not in clerk.page.url
    clerk.page.locator("main h1").click()
    clerk.press("/")
    assert clerk.focused() == "q"
    assert not clerk.faults, "\n".join(clerk.faults)
