"""Two hundred bad returns of a bank: refused whole, each wrong line named."""

from typing import Any

import pytest

from claims.payments.bank_files import BadReturn, read_lines
from enrollment.sheets import Column
from enrollment.tests.malformed import bad_cells, broken_files, csv_of

COLUMNS = (
    Column("order", "附言", required=True),
    Column("result", "结果", required=True),
    Column("failure", "失败原因", required=True),
    Column("paid_on", "日期", required=True),
    Column("amount", "金额", required=True),
)
PAID = {
    "order": "00001-000001",
    "result": "成功",
    "failure": "",
    "paid_on": "2026-10-01",
    "amount": "700.00",
}
# Columns that the bank may leave out, or call what it likes.
OPTIONAL = ("failure", "amount")
# What is well written and only fits no batch is refused by `read_bank_return`.
WELL_WRITTEN = ("paid_on: 2569-09-01", "paid_on: 9999-12-31", "paid_on: 1600-01-01")
DAYS = ("10/1", "2026年10月", "２０２６", "2026-10", "今天", "明天", "2026-10-1x", "2026/10/01")
WORDS = ("success", "OK", "已付", "成功!", "成功成功", "SUCCESS", "Y", "０", "成 功", "失败?")
BROKEN = [
    bad
    for bad in broken_files(COLUMNS, PAID)
    if bad.title not in {said for key in OPTIONAL for said in (f"without {key}", f"{key} misspelt")}
]
BAD = [
    bad
    for bad in bad_cells(COLUMNS, amounts=["amount"], days=["paid_on"], words=["result", "paid_on"])
    if bad.key not in ("order", "failure")
    and bad.title not in WELL_WRITTEN
    and "," not in str(bad.value)  # the bank's file has no quotation marks
]
ODD: list[tuple[str, dict[str, str]]] = [
    ("a paid order without its day", {"paid_on": ""}),
    ("no order number", {"order": ""}),
    ("failed without a reason", {"result": "失败"}),
    ("an amount below nothing", {"amount": "-700.00"}),
    ("thousandths of a yuan", {"amount": "700.001"}),
    ("an instant instead of a day", {"paid_on": "2026-10-01 10:00"}),
    *((f"result {word}", {"result": word}) for word in ("", *WORDS)),
    *(
        (f"amount {word}", {"amount": word})
        for word in (*WORDS, "七百", "7e2", "１２", "700元", "+700", "7 00")
    ),
    *(
        (f"day {word}", {"paid_on": word})
        for word in (
            *WORDS,
            "10/1",
            "2026年10月",
            "２０２６",
            "2026-10",
            "今天",
            "明天",
            "2026-10-1x",
            "2026/10/01",
        )
    ),
]


def refused(content: bytes) -> str:
    """What is said; no line of the file is read."""
    with pytest.raises(BadReturn) as said:
        read_lines(content)
    words = str(said.value)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words)
    assert len(words) < 2_000
    return words


def test_there_are_two_hundred() -> None:
    assert len(BROKEN) + len(BAD) + len(ODD) >= 200


@pytest.mark.parametrize("bad", BROKEN, ids=lambda bad: bad.title)
def test_a_broken_return_is_refused_in_words(bad: Any) -> None:
    refused(bad.content)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_is_refused_with_its_line(bad: Any) -> None:
    words = refused(csv_of(COLUMNS, [PAID, {**PAID, bad.key: str(bad.value)}]))
    assert "3" in words or "NUL" in bad.title


@pytest.mark.parametrize(("title", "cells"), ODD, ids=lambda one: str(one)[:40])
def test_an_odd_line_is_refused_with_its_line(title: str, cells: dict[str, str]) -> None:
    assert "3" in refused(csv_of(COLUMNS, [PAID, {**PAID, **cells}])), title
