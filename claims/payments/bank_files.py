"""The files exchanged with the bank: how they look, nothing about what they do.

Out: GB18030 CSV, one line per order. Back: CSV (GB18030 or UTF-8) with the order number in
附言, 成功 or 失败 in 结果, the bank's reason and the day of payment.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.values.money import AmountError, parse_amount

ENCODING = "gb18030"
HEADER = ("序号", "收款账号", "收款户名", "金额", "用途", "附言")
PURPOSE = "医保待遇"
RETURN_COLUMNS = {
    "附言": "order",
    "结果": "result",
    "失败原因": "failure",
    "日期": "paid_on",
    "金额": "amount",
}
REQUIRED = ("附言", "结果", "日期")
PAID, FAILED = "成功", "失败"
MAX_BYTES = 50 * 1024 * 1024
# A bank's program writes amounts; what clerks may type besides would be no return.
_MACHINE_WRITTEN = frozenset("0123456789.,\uff0c-\u00a5\uffe5 ")


class BadReturn(ValueError):
    """A return file cannot be read; `problems` say line by line why and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class PayLine:
    """One order for the bank file; `amount` in yuan."""

    account_no: str
    account_name: str
    amount: Decimal
    order: str


@dataclass(frozen=True)
class ReturnLine:
    """What the bank says about one order; `amount` None when the file does not repeat it."""

    line: int
    order: str
    paid: bool
    failure: str
    on: date
    amount: Decimal | None


def write_lines(orders: Iterable[PayLine]) -> bytes:
    """The bank file of the orders, in the order given; the same bytes for the same orders."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for number, order in enumerate(orders, start=1):
        writer.writerow(
            (number, order.account_no, order.account_name, order.amount, PURPOSE, order.order)
        )
    return out.getvalue().encode(ENCODING)


def read_lines(data: bytes) -> list[ReturnLine]:
    """Read a return file; raises BadReturn naming each wrong line.

    A line is counted as in a text editor; the header is line 1.
    """
    if len(data) > MAX_BYTES:
        raise BadReturn([_("The file is larger than 50 MB: it is no bank return.")])
    rows = csv.reader(io.StringIO(_decode(data), newline=""))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise BadReturn(
                [
                    _("The columns %(names)s are missing: ask the bank for the complete file.")
                    % {"names": "、".join(missing)}
                ]
            )
        twice = [name for name in RETURN_COLUMNS if header.count(name) > 1]
        if twice:
            raise BadReturn(
                [
                    _("The columns %(names)s stand twice: delete the wrong ones.")
                    % {"names": "、".join(twice)}
                ]
            )
        places = {
            RETURN_COLUMNS[name]: header.index(name) for name in RETURN_COLUMNS if name in header
        }
        found: list[ReturnLine] = []
        problems: list[str] = []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            try:
                found.append(_line(rows.line_num, row, places))
            except ValueError as error:
                problems.append(_at(rows.line_num, str(error)))
    except csv.Error as error:
        raise BadReturn(
            [_at(rows.line_num, _("this is not CSV: ask the bank for the file again"))]
        ) from error
    if problems:
        raise BadReturn(problems)
    return found


def _decode(data: bytes) -> str:
    text = None
    for encoding in ("utf-8-sig", ENCODING):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\0" in text:
        raise BadReturn([_("The file is neither GB18030 nor UTF-8 text: choose the bank's CSV.")])
    return text


def _line(number: int, row: list[str], places: dict[str, int]) -> ReturnLine:
    def cell(name: str) -> str:
        place = places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    result = cell("result")
    if result not in (PAID, FAILED):
        raise ValueError(_("result “%(text)s”: it must be 成功 or 失败") % {"text": result[:40]})
    if not cell("order"):
        raise ValueError(_("the order number (附言) is missing"))
    failure = cell("failure")
    if result == FAILED and not failure:
        raise ValueError(_("a failed order needs the bank's reason (失败原因)"))
    amount = cell("amount")
    if amount.lstrip("¥￥ ").startswith("-"):
        raise ValueError(_("amount “%(text)s”: a return pays nothing back") % {"text": amount[:40]})
    try:
        if not _MACHINE_WRITTEN.issuperset(amount):
            raise AmountError(amount)
        return ReturnLine(
            line=number,
            order=cell("order"),
            paid=result == PAID,
            failure=failure[:120] if result == FAILED else "",
            on=date.fromisoformat(cell("paid_on")),
            amount=parse_amount(amount) if amount else None,
        )
    except AmountError as error:
        raise ValueError(
            _("amount “%(text)s”: write yuan with at most two decimals") % {"text": amount[:40]}
        ) from error
    except ValueError as error:
        raise ValueError(
            _("date “%(text)s”: write 2026-09-01 or 20260901") % {"text": cell("paid_on")[:40]}
        ) from error


def _at(line: int, problem: str) -> str:
    return _("Line %(line)s: %(problem)s") % {"line": line, "problem": problem}
