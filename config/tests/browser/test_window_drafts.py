"""The draft of the window: what is typed survives whatever happens to the page."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from claims.drafts.models import WindowDraft
from claims.models import Claim, ClaimState
from config.tests.browser.test_window import (
    PASSWORD,
    clerk,
    days_ago,
    faultless,
    kind_by_key,
    open_form,
    resident,
    seated,
    type_claim,
    visit,
)

pytestmark = pytest.mark.browser
__all__ = ["clerk", "resident"]  # fixtures


def saves(text):
    """The answer to a save of the draft that holds the text."""
    path = reverse("admin:claims_window_draft_save")
    return lambda answer: path in answer.url and text in (answer.request.post_data or "")


def log_in_again(clerk):
    """In another tab of the same browser."""
    other = clerk.page.context.new_page()
    other.goto(f"{clerk.address}/login/")
    other.locator("#id_username").fill("clerk1")
    other.locator("#id_password").fill(PASSWORD)
    other.locator("#id_password").press("Enter")
    expect(other.locator(".usermenu")).to_be_visible()


def test_a_draft_survives_reload_and_crash_and_goes_when_submitted(clerk, desk, resident):
    open_form(clerk, resident)
    facts = visit(admitted_on=days_ago(9))
    order = ("institution", "admitted_on", "discharged_on", "diagnosis", "invoice_no", "total")
    with clerk.page.expect_response(saves("total=292.22")):
        type_claim(clerk, {name: facts[name] for name in order})
    expect(clerk.page.locator("#draft_state")).to_contain_text("草稿已保存")
    expect(clerk.page.locator("#quote")).to_contain_text("292.22")
    clerk.page.reload()
    clerk.shows("已恢复")
    assert clerk.page.locator("#claim [name=invoice_no]").input_value() == facts["invoice_no"]
    clerk.page.context.close()  # the browser is gone, without a word

    again = seated(desk, "clerk1")
    again.open(reverse("admin:index"))
    again.follow('[data-queue="claims_drafts"] a')
    again.shows(resident.name)
    again.follow(".draft-list a")
    for name in order[1:]:
        assert again.page.locator(f"#claim [name={name}]").input_value().replace("-", "")
    assert again.page.locator("#claim [name=total]").input_value() == "292.22"
    again.page.locator("#claim [name=total]").focus()
    again.press("F2")
    again.press_and_go("Control+s")
    claim = Claim.objects.get()
    assert (claim.total, claim.state) == (Decimal("292.22"), ClaimState.CHECKED)
    assert not WindowDraft.objects.exists()
    again.open(reverse("admin:claims_claim_receipt", args=[claim.pk]))
    again.shows(claim.due_on.isoformat())
    again.shows(resident.name)
    faultless(clerk, again)


def test_a_whole_draft_opens_with_the_focus_on_its_first_field(clerk, resident):
    """The fields of “paid elsewhere” are empty and folded away: the focus cannot go there."""
    open_form(clerk, resident)
    facts = visit()
    typed = {"institution": facts.pop("institution"), "admitted_on": days_ago(9), **facts}
    with clerk.page.expect_response(saves("first_self_pay=17.08")):
        type_claim(clerk, typed)
    clerk.page.reload()
    clerk.shows("已恢复")
    assert clerk.focused() == "institution"
    faultless(clerk)


def test_what_is_typed_last_is_kept_when_the_page_is_left(clerk, resident):
    open_form(clerk, resident)
    clerk.page.locator("#claim [name=diagnosis]").fill("M54")
    clerk.page.once("dialog", lambda dialog: dialog.accept())
    clerk.page.goto(clerk.address + reverse("admin:claims_claim_changelist"))
    clerk.page.goto(f"{clerk.address}{reverse('admin:claims_window')}?person={resident.pk}")
    assert clerk.page.locator("#claim [name=diagnosis]").input_value() == "M54"


def whole(clerk, resident, **facts):
    """A complete claim with its papers, not yet sent; a dialog of the browser is a fault."""
    clerk.page.on("dialog", lambda dialog: (clerk.faults.append(dialog.type), dialog.accept()))
    open_form(clerk, resident)
    typed = visit(**facts)
    type_claim(clerk, {"institution": typed.pop("institution")})
    kind_by_key(clerk, "3")
    clerk.press("Enter")
    type_claim(clerk, typed)
    clerk.press("F2")


def test_sent_at_once_after_the_last_key_and_sent_twice_is_one_claim(clerk, resident):
    whole(clerk, resident)
    with clerk.page.expect_navigation(wait_until="load"):
        clerk.page.evaluate(
            """() => {
              const key = () => document.activeElement.dispatchEvent(new KeyboardEvent(
                "keydown", { key: "s", ctrlKey: true, bubbles: true, cancelable: true }));
              key(); key(); setTimeout(key, 5);
            }"""
        )
    clerk.shows("受理回执")
    assert Claim.objects.count() == 1
    assert not WindowDraft.objects.exists()
    faultless(clerk)


def test_a_logout_before_the_claim_is_sent_keeps_it_on_the_page(clerk, resident):
    whole(clerk, resident)
    clerk.page.context.clear_cookies(name="sessionid")
    clerk.press("Control+s")
    expect(clerk.page.locator("#draft_state")).to_contain_text("请在另一标签页重新登录")
    assert clerk.page.locator("#claim [name=total]").input_value() == "292.22"
    log_in_again(clerk)
    clerk.press_and_go("Control+s")
    clerk.shows("受理回执")
    assert Claim.objects.get().total == Decimal("292.22")


def test_what_is_typed_last_stands_there_after_a_reload_and_after_a_change_of_language(
    clerk, resident
):
    open_form(clerk, resident)
    diagnosis = clerk.page.locator("#claim [name=diagnosis]")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    diagnosis.fill("M54")
    clerk.page.reload()
    expect(diagnosis).to_have_value("M54")
    diagnosis.fill("M54.5")
    with clerk.page.expect_navigation(wait_until="load"):
        clerk.page.locator("button[name=language]").evaluate("button => button.click()")
    expect(diagnosis).to_have_value("M54.5")


def test_a_discarded_draft_does_not_come_back(clerk, resident):
    open_form(clerk, resident)
    diagnosis = clerk.page.locator("#claim [name=diagnosis]")
    with clerk.page.expect_response(saves("M54")):
        diagnosis.fill("M54")
    clerk.page.reload()
    diagnosis.fill("M54.500")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.follow("button[form=discard]")
    clerk.open(f"{reverse('admin:claims_window')}?person={resident.pk}")
    expect(diagnosis).to_have_value("")
    assert not WindowDraft.objects.exists()


def test_two_windows_on_one_resident_choose_what_is_kept(clerk, resident):
    open_form(clerk, resident)
    second = sit_at_the_same_desk(clerk, resident)
    ours, theirs = (page.locator("#claim [name=diagnosis]") for page in (clerk.page, second))
    with clerk.page.expect_response(saves("M54")):
        ours.fill("M54")
    theirs.fill("J06")
    expect(second.locator("#draft_state")).to_contain_text("不同内容")
    second.get_by_text("载入该内容").click()
    expect(theirs).to_have_value("M54")
    with second.expect_response(saves("J06.9")):
        theirs.fill("J06.9")
    ours.fill("M54.5")
    expect(clerk.page.locator("#draft_state")).to_contain_text("不同内容")
    clerk.page.get_by_text("以本页为准").click()
    expect(clerk.page.locator("#draft_state")).to_contain_text("草稿已保存")
    assert WindowDraft.objects.get().facts["diagnosis"] == "M54.5"


def sit_at_the_same_desk(clerk, resident):
    """A second tab of the same person on the same form."""
    page = clerk.page.context.new_page()
    page.goto(f"{clerk.address}{reverse('admin:claims_window')}?person={resident.pk}")
    return page


def test_a_logout_in_between_loses_nothing(clerk, resident):
    open_form(clerk, resident)
    clerk.page.context.clear_cookies(name="sessionid")
    clerk.page.locator("#claim [name=diagnosis]").fill("M54")
    expect(clerk.page.locator("#draft_state")).to_contain_text("请在另一标签页重新登录")
    assert clerk.page.locator("#claim [name=diagnosis]").input_value() == "M54"
    log_in_again(clerk)
    expect(clerk.page.locator("#draft_state")).to_contain_text("草稿已保存")
    assert WindowDraft.objects.get().facts["diagnosis"] == "M54"
