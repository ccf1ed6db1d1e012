"""The window, complete, by keyboard in a real browser: papers, draft, receipt, verification."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.drafts.models import WindowDraft
from claims.models import Claim, ClaimState, Verification
from claims.tests.scans import picture
from config.demo.county.accounts import make_staff
from config.tests.browser.driving import Keys
from enrollment.tests.factories import (
    enrol,
    id_number,
    make_bureau,
    make_institution,
    make_person,
)

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
DESIGNATED, AWAY = "H43312790001", "H43312790002"
OVERHEAD = 25  # keys beyond the characters of a claim's data
SAVED = 20  # keys that the second claim of the same hospital and day saves at least


@pytest.fixture
def resident(transactional_db):
    today = timezone.localdate()
    make_bureau(clerk_check_is_first_review=True, is_demonstration=True)
    make_staff(PASSWORD)
    whole = (date(today.year - 1, 1, 1), date(today.year, 12, 31))
    ended = (date(today.year - 3, 1, 1), date(today.year - 2, 12, 31))
    make_institution(code=DESIGNATED, name="安康医院", agreement=whole)
    make_institution(code=AWAY, name="平安诊所", agreement=ended)
    number = id_number(born_on=date(1966, 3, 8), male=True, serial=321)
    person = make_person(name="田建国", id_number=number, account_no="6200000000000000018")
    for year in (today.year - 1, today.year):
        enrol(person, year)
    return person


@pytest.fixture
def clerk(desk, resident):
    return seated(desk, "clerk1")


def seated(desk, username):
    person = desk()
    person.log_in(username, PASSWORD)
    return person


def days_ago(number):
    return f"{timezone.localdate() - timedelta(number):%Y%m%d}"


def open_form(clerk, resident):
    clerk.open(reverse("admin:claims_window"))
    clerk.keys = Keys()
    clerk.type(resident.id_number[-4:])
    clerk.page.locator("#found [data-found]").first.wait_for()
    clerk.press("ArrowDown")
    clerk.press_and_go("Enter")


def type_claim(clerk, papers):
    """As a clerk does: type, Enter, type, Enter."""
    for nth, (name, text) in enumerate(papers.items()):
        if nth:
            clerk.press("Enter")
        for _skipped in range(4):
            if clerk.focused() == name:
                break
            clerk.press("Enter")
        assert clerk.focused() == name
        clerk.type(text)


def visit(**facts):
    """An outpatient visit: no day of admission."""
    return {
        "institution": DESIGNATED,
        "discharged_on": days_ago(4),
        "diagnosis": "M54.500",
        "invoice_no": "0078812345",
        "total": "292.22",
        "excluded": "41.80",
        "over_limit": "6.18",
        "first_self_pay": "17.08",
    } | facts


def faultless(*clerks):
    faults = [fault for clerk in clerks for fault in clerk.faults]
    assert not faults, "\n".join(faults)


def kind_by_key(clerk, digit):
    """The digit in front of each line chooses it."""
    clerk.press("Enter")
    assert clerk.focused() == "kind"
    clerk.keys.pressed += 1
    clerk.page.keyboard.press(digit)


def test_the_second_claim_of_the_same_hospital_and_day_saves_twenty_keys(clerk, resident):
    open_form(clerk, resident)
    facts = visit()
    type_claim(clerk, {"institution": facts.pop("institution")})
    kind_by_key(clerk, "3")
    clerk.press("Enter")
    type_claim(clerk, facts)
    clerk.press("F2")
    clerk.press_and_go("Control+Enter")
    first = clerk.keys
    clerk.keys = Keys()
    kept = ("discharged_on", "diagnosis")
    again = visit(invoice_no="0078812346")
    del again["institution"]
    clerk.shows("受理回执")
    type_claim(clerk, {name: text for name, text in again.items() if name not in kept})
    clerk.press("F2")
    clerk.press_and_go("Control+s")
    second = clerk.keys
    print(  # noqa: T201 - figures for the docs
        f"\nan outpatient claim: {first.pressed} keys for {first.data} characters of data;"
        f" the second of the same hospital and day: {second.pressed},"
        f" {first.pressed - second.pressed} fewer"
    )
    assert first.pressed <= first.data + OVERHEAD
    assert second.pressed <= first.pressed - SAVED
    claims = list(Claim.objects.order_by("pk"))
    assert [claim.kind for claim in claims] == ["general_outpatient"] * 2
    assert claims[0].discharged_on == claims[1].discharged_on
    assert not WindowDraft.objects.exists()
    faultless(clerk)


def test_the_first_wrong_field_of_the_page_has_the_focus(clerk, resident):
    """Above the papers, which the summary names first."""
    open_form(clerk, resident)
    type_claim(clerk, {"institution": DESIGNATED})
    clerk.press_and_go("Control+s")
    clerk.shows("未交材料")
    assert clerk.focused() == "admitted_on"


def test_papers_to_supply_scans_and_a_second_persons_verification(clerk, desk, resident):
    open_form(clerk, resident)
    facts = visit(institution=AWAY, admitted_on=days_ago(9), total="12000.00")
    order = ("institution", "admitted_on", "discharged_on", "diagnosis", "invoice_no", "total")
    type_claim(clerk, {name: facts[name] for name in order})
    expect(clerk.page.locator("#quote")).to_contain_text("须由另一人电话核实")
    clerk.page.locator("#claim [name=papers][value=invoice]").check()
    clerk.press_and_go("Control+s")
    clerk.shows("未交材料")
    expect(clerk.page.locator(".error-summary a[href='#papers']")).to_be_visible()
    expect(clerk.page.locator("#papers input:not(:checked)").first).to_be_focused()
    assert not Claim.objects.exists()
    clerk.page.locator("#claim [name=to_supply]").check()
    clerk.page.locator("#claim [name=total]").focus()
    clerk.press_and_go("Control+s")
    claim = Claim.objects.get()
    here = reverse("admin:claims_claim_change", args=[claim.pk])
    clerk.open(reverse("admin:claims_claim_receipt", args=[claim.pk]))
    clerk.shows("一次性告知")
    clerk.open(here)
    expect(clerk.link("claims_claim_verify", claim.pk)).to_have_count(0)
    clerk.link("claims_claim_scans", claim.pk).first.click()
    clerk.page.locator("input[type=file]").set_input_files(
        [{"name": "发票.png", "mimeType": "image/png", "buffer": picture()}]
    )
    clerk.send()
    clerk.shows("发票.png")
    clerk.link("claims_claim_papers", claim.pk).first.click()
    clerk.send()
    clerk.shows("请勾选本次补交的材料")
    awaited = clerk.page.locator("input[name=kinds]")
    expect(awaited.first).to_be_focused()
    for nth in range(awaited.count()):
        awaited.nth(nth).check()
    clerk.send()

    second, reviewer = seated(desk, "clerk2"), seated(desk, "reviewer1")
    reviewer.open(here)
    reviewer.act("claims_claim_approve", claim.pk)
    reviewer.shows("须由另一人电话核实")
    claim.refresh_from_db()
    assert claim.state == ClaimState.CHECKED
    second.open(here)
    second.act(
        "claims_claim_verify",
        claim.pk,
        method="phone",
        counterpart="病案室 王主任",
        reference="07440000000",
        result="confirmed",
    )
    assert Verification.objects.get().verified_by.username == "clerk2"
    reviewer.open(here)
    reviewer.shows("病案室 王主任")
    reviewer.act("claims_claim_approve", claim.pk)
    claim.refresh_from_db()
    assert claim.state == ClaimState.APPROVED
    faultless(clerk, second, reviewer)


def test_escape_puts_back_then_leaves_and_enter_only_goes_on(clerk, resident):
    open_form(clerk, resident)
    total = clerk.page.locator("#claim [name=total]")
    total.focus()
    clerk.page.keyboard.type("55")
    clerk.page.keyboard.press("Escape")
    assert total.input_value() == ""
    total.focus()
    for _nth in range(5):
        clerk.page.keyboard.press("Enter")
    assert not Claim.objects.exists()
    assert clerk.page.evaluate("() => document.activeElement.matches('[data-primary]')")
    faultless(clerk)


def test_medicines_and_a_birth_are_chosen_by_digit_within_the_budget(clerk, resident):
    """The question of a kind appears with the kind, and a digit answers it."""
    number = id_number(born_on=date(1990, 3, 8), male=False, serial=322)
    mother = make_person(name="向秀英", id_number=number, division=resident.division)
    enrol(mother, timezone.localdate().year)
    open_form(clerk, mother)
    page = clerk.page
    for kind in ("two_diseases", "maternity", "special_outpatient", "inpatient"):
        page.locator("#claim [name=kind]").select_option(kind)
        asked = kind in ("two_diseases", "maternity")
        expect(page.locator(".field-detail")).to_be_visible(visible=asked)
    page.locator("#claim [name=institution]").focus()
    clerk.keys = Keys()
    facts = visit(diagnosis="I10.x00")
    type_claim(clerk, {"institution": facts.pop("institution")})
    kind_by_key(clerk, "4")
    chosen(clerk, "detail", "3")
    clerk.press("Enter")
    type_claim(clerk, facts)
    clerk.press("F2")
    # (292.22 − 65.06) × 70 %
    expect(page.locator("#quote")).to_contain_text("159.01")
    clerk.press_and_go("Control+Enter")
    assert clerk.keys.pressed <= clerk.keys.data + OVERHEAD
    medicines = Claim.objects.get()
    assert (medicines.kind, medicines.detail) == ("two_diseases", "both")

    page.locator("#claim [name=discharged_on]").fill("")
    page.locator("#claim [name=kind]").focus()
    page.keyboard.press("5")
    assert page.locator("#claim [name=detail]").input_value() == ""
    lines = page.locator("#claim [name=detail] option").all_inner_texts()
    assert [line[:1] for line in lines] == ["请", "1", "2"]
    chosen(clerk, "detail", "2")
    clerk.press("Enter")
    born = visit(invoice_no="0078812399", total="2000.00", admitted_on=days_ago(9))
    order = ("admitted_on", "discharged_on", "invoice_no", "total")
    type_claim(clerk, {name: born[name] for name in order})
    clerk.press("F2")
    expect(page.locator("#quote")).to_contain_text("1,600.00")
    clerk.press_and_go("Control+s")
    birth = Claim.objects.get(kind="maternity")
    assert (birth.detail, birth.admitted_on) == ("caesarean", timezone.localdate() - timedelta(9))
    faultless(clerk)


def chosen(clerk, name, digit):
    """On to the field, and a digit chooses its line."""
    clerk.press("Enter")
    assert clerk.focused() == name
    clerk.keys.pressed += 1
    clerk.page.keyboard.press(digit)
