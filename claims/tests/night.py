"""Records for the tests of the night and the bank."""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from claims.ledger.checks import verify
from claims.models import Claim, ClaimState, PaymentBatch
from claims.settlement.services import RunResult, settle_up_to
from enrollment.models import Institution, Person, User
from enrollment.tests.factories import enrol, make_institution, make_person, make_user

_serial = count(1)
DAY = date(2026, 9, 30)
NOW = datetime(2026, 10, 1, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FINANCE = [
    "claims.view_settlementrun",
    "claims.view_paymentbatch",
    "claims.view_paymentorder",
    "claims.view_entry",
    "claims.view_posting",
    "claims.view_settledclaim",
    "claims.view_accumulatormovement",
    "claims.view_claim",
    "claims.run_settlement",
    "claims.make_batch",
    "claims.approve_batch",
    "claims.exchange_bank_files",
    "claims.pay_again",
]


def make_finance(**fields: Any) -> User:
    """A member of the finance office."""
    return make_user(FINANCE, **fields)


def covered_person(**fields: Any) -> Person:
    """A resident who is covered in 2026."""
    person = make_person(**fields)
    enrol(person)
    return person


def approved_claim(
    person: Person | None = None, institution: Institution | None = None, **fields: Any
) -> Claim:
    """An approved special-outpatient claim of 1,000.00 of 2026-09-10, from the window."""
    n = next(_serial)
    fields.setdefault("kind", Claim.Kind.SPECIAL_OUTPATIENT)
    fields.setdefault("discharged_on", date(2026, 9, 10))
    fields.setdefault("total", Decimal("1000.00"))
    fields.setdefault("number", f"T{n:06d}")
    fields.setdefault("invoice_no", f"I{n:06d}")
    fields.setdefault("approved_on", date(2026, 9, 20))
    fields.setdefault("state", ClaimState.APPROVED)
    if "entered_by" not in fields:
        fields["entered_by"] = User.objects.filter(username="night-clerk").first() or make_user(
            username="night-clerk"
        )
    return Claim.objects.create(
        person=person or covered_person(),
        institution=institution or make_institution(),
        entered_at=NOW,
        **fields,
    )


def settle(day: date = DAY, **options: Any) -> RunResult:
    """Settle up to the day, as the schedule does."""
    return settle_up_to(day, actor=None, at=NOW, **options)


def ledger_faults() -> list[str]:
    """The checks of `verify_ledger` that fail."""
    return [f"{finding.name}: {finding.detail}" for finding in verify() if not finding.ok]


def bank_return(
    batch: PaymentBatch, failures: dict[str, str] | None = None, **fields: Any
) -> bytes:
    """The bank's return of a batch; `failures` maps order numbers to reasons."""
    failures = failures or {}
    day = fields.get("day", "2026-10-01")
    lines = ["附言,结果,失败原因,日期"]
    for order in batch.orders.order_by("pk"):
        reason = failures.get(order.number, "")
        lines.append(f"{order.number},{'失败' if reason else '成功'},{reason},{day}")
    return "\r\n".join(lines).encode(fields.get("encoding", "gb18030"))


def wait_until(condition: Callable[[], Any], seconds: float = 60, what: str = "") -> Any:
    """Ask again and again until the condition holds; fails after the deadline."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain{': ' if what else ''}{what}")
        pause.wait(0.05)
    return found
