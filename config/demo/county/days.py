"""The last days of the demonstration, played through the services.

Each working day bills come in, are reviewed, are settled at night and go to the bank the next
morning. The last evening and the morning of the demonstration's day leave something in every
queue, so that each role finds work; some bills of weeks before wait there too, a few overdue.
"""

from collections.abc import Sequence
from datetime import date

from claims.intake.models import Claim
from claims.settlement.services import settle_up_to
from config.demo.county.bank import Bank
from config.demo.county.benefits import Benefits
from config.demo.county.clock import clock_at, hour, night_after, working_days_before
from config.demo.county.illness import Illness, Illnesses
from config.demo.county.oversight import Oversight
from config.demo.county.past import correct_the_past
from config.demo.county.window import Hall, Staff

BILLS_A_DAY = 24
# How many working days ago the bills came in that still wait: with 30 allowed, some are overdue.
LEFT_LYING = (36, 34, 32, 31, 29, 24, 17, 12)
# Suspended on the last evening: a stay there that ended and was approved that day is held at night.
SUSPENDED = "H43312700006"


def play(
    staff: Staff, bank: Bank, illnesses: Illnesses, benefits: Benefits, *, on: date, count: int
) -> None:
    """The last `count` (three at least) working days before `on`, then the morning of `on`.

    Of the second day's payments and of the last day's one fails; the former is paid again.
    """
    hall = Hall(staff, benefits)
    _leave_lying(hall, illnesses, on)
    days = working_days_before(on, count)
    for nth, day in enumerate(days):
        bills = list(illnesses.of_day(day, BILLS_A_DAY))
        _morning(bank, day, fails=int(nth in (1, count - 1)))
        if day == days[-1]:
            _last_day(hall, illnesses, day, bills)
            Oversight(staff, on=on, last_day=day).play()
            correct_the_past(staff, last_day=day)
        else:
            _usual_day(hall, day, bills)
        with clock_at(night_after(day)):
            settle_up_to(day, actor=None, at=night_after(day))
    bank.put_together(at=hour(on, 8, 20))
    _this_morning(hall, on, list(illnesses.of_day(on, 12)))


def _leave_lying(hall: Hall, illnesses: Illnesses, on: date) -> None:
    """One bill of each of these days waits still, by turns for the first and the second review."""
    for nth, ago in enumerate(LEFT_LYING):
        day = working_days_before(on, ago)[0]
        (bill,) = illnesses.of_day(day, 1)
        claim = hall.enter(bill, at=hour(day, 10, 30))
        if nth % 2:
            hall.review(claim, at=hour(day, 15, 40))


def _morning(bank: Bank, day: date, *, fails: int) -> None:
    """Last night's orders to the bank; what the bank failed before is paid again."""
    bank.correct_failed(at=hour(day, 9, 5))
    bank.put_together(at=hour(day, 9, 20))
    bank.pay(at=hour(day, 10), fails=fails)


def _usual_day(hall: Hall, day: date, bills: Sequence[Illness]) -> None:
    """All bills are approved; one comes back from review and is corrected."""
    for nth, bill in enumerate(bills[:-1]):
        hall.carry(bill, at=hour(day, 8, 35 + 11 * nth))
    claim = hall.enter(bills[-1], at=hour(day, 9, 2))
    hall.give_back(claim, "票据金额与费用清单不一致，请核对后再报。", at=hour(day, 10, 15))
    hall.correct(claim, "已与清单核对，金额无误，补附清单原件。", at=hour(day, 14, 10))
    hall.review(claim, at=hour(day, 15, 5))
    hall.approve(claim, at=hour(day, 16, 20))


def _last_day(hall: Hall, illnesses: Illnesses, day: date, bills: Sequence[Illness]) -> None:
    """Some approved, some waiting at each desk, two returned, one rejected."""
    for nth, bill in enumerate(bills[:12]):
        hall.carry(bill, at=hour(day, 8, 35 + 11 * nth))
    hall.carry(illnesses.at(SUSPENDED, day), at=hour(day, 9, 10))
    waiting = [
        hall.enter(bill, at=hour(day, 13, 30 + 9 * nth)) for nth, bill in enumerate(bills[12:])
    ]
    hall.give_back(waiting[0], "缺出院记录，请补交。", at=hour(day, 15))
    hall.give_back(waiting[1], "发票号与原件不符，请更正。", at=hour(day, 15, 20))
    hall.reject(
        waiting[2],
        "third_party",
        "交通事故责任认定书载明由肇事方承担，基金不予支付。",
        at=hour(day, 15, 40),
    )
    _pass(hall, waiting[3:8], day)


def _pass(hall: Hall, claims: Sequence[Claim], day: date) -> None:
    for nth, claim in enumerate(claims):
        hall.review(claim, at=hour(day, 16, 5 * nth))


def _this_morning(hall: Hall, on: date, bills: Sequence[Illness]) -> None:
    """Four approved for tonight, three for the second review, the others for the first."""
    for nth, bill in enumerate(bills):
        claim = hall.enter(bill, at=hour(on, 8, 2 * nth))
        if nth < 7:
            hall.review(claim, at=hour(on, 8, 30 + nth))
        if nth < 4:
            hall.approve(claim, at=hour(on, 8, 40 + nth))
