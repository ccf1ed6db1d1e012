"""A year's holidays pasted from the announcement's table into the lines of the form."""

import pytest
from django.urls import reverse

from enrollment.models import CalendarDay, CalendarYear
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
LINES = [
    ("20300101", "放假", "元旦"),
    ("2030/1/2", "放假", "元旦"),
    ("2030-02-02", "补班", "春节"),
    ("2030-02-03", "放假", "春节"),
    ("2030-02-04", "歇业", "春节"),
]


def test_pasted_lines_fill_the_form_and_add_what_is_missing(desk, transactional_db):
    make_bureau(is_demonstration=True)
    rights = ("add", "change", "view", "delete")
    user = make_user(
        f"enrollment.{right}_{model}"
        for right in rights
        for model in ("calendaryear", "calendarday")
    )
    user.set_password(PASSWORD)
    user.save()
    admin = desk()
    admin.log_in(user.username, PASSWORD)
    admin.open(reverse("admin:enrollment_calendaryear_add"))
    page = admin.page
    page.fill("[name=year]", "2030")
    page.fill("[name=source]", "放假安排")
    page.focus("[name=days-0-day]")
    page.evaluate(PASTE, "\r\n".join("\t".join(line) for line in LINES) + "\r\n")
    assert page.input_value("[name=days-4-day]") == "2030-02-04"
    # No line is lost, and the cell that fits no choice is named.
    assert "5: 歇业" in page.locator("[data-grid-said]").inner_text()
    page.focus("[name=days-4-name]")
    page.evaluate(PASTE, "春节假期")  # a single cell is the browser's own business
    assert page.input_value("[name=days-4-name]") == "春节"
    page.press("[name=days-4-name]", "Control+s")
    page.wait_for_url("**/calendaryear/")
    entered = CalendarYear.objects.get(year=2030).days.order_by("day")
    worked, off = CalendarDay.Kind.WORKED, CalendarDay.Kind.OFF
    assert list(entered.values_list("kind", flat=True)) == [off, off, worked, off, off]
    assert not admin.faults
