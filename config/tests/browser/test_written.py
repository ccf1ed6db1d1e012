"""The script writes out days and amounts as the server reads them, and nothing else."""

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from enrollment.values.days import DayError, parse_day
from enrollment.values.money import AmountError, format_yuan, parse_amount

pytestmark = pytest.mark.browser
SCRIPT = settings.BASE_DIR / "config" / "static" / "portal" / "portal.js"
DAYS = [
    "20260901", "2026/9/1", "2026.09.01", "2026年9月1日", "2026年11月1号", "2026 11 01",
    "２０２６年１１月１日", "２０２６－１１－０１", "2026 年 11 月 1 日", "20260901\u200b",
    "20260229", "2026-11-31", "20261301", "2026 1101", "昨天", "²0260901",
]  # fmt: skip
AMOUNTS = [
    "0", "1234.5", "1,234.50", "1，234，567", "１２３４．５０", "1234.50元", "300圆", "RMB300",
    "￥300", "¥ 1,234元整", "-5", "10,99", "10，99", "1,2345", "12,34,567", "10²", "1 234",
    "3元5", "¥¥5", "1.005", "一百", "人民币8",
]  # fmt: skip


def day_of(text: str) -> str:
    """What the server makes of it; as typed where it refuses."""
    try:
        return parse_day(text, today=date(2026, 11, 24)).isoformat()
    except DayError:
        return text


def amount_of(text: str) -> str:
    try:
        return format_yuan(parse_amount(text))
    except AmountError:
        return text


def test_leaving_a_field_writes_what_the_server_will_read(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<input id="d" data-day="past"><input id="m" data-money>')
    page.add_script_tag(path=SCRIPT)

    def left(field: str, text: str) -> str:
        page.locator(field).fill(text)
        page.locator(field).blur()
        return page.locator(field).input_value()

    assert {text: left("#d", text) for text in DAYS} == {text: day_of(text) for text in DAYS}
    written = {text: left("#m", text) for text in AMOUNTS}
    page.close()
    assert written == {text: amount_of(text) for text in AMOUNTS}
    assert written["10,99"] == "10,99"
