"""Two people at once: one wins, the other is told, nothing doubles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from enrollment.tests.factories import make_institution
from enrollment.transitions.table import StateConflict, TransitionRefused
from supervision.cases.services import open_case
from supervision.inspections.models import VisitTransition
from supervision.inspections.services import VisitRefused
from supervision.models import Case, RecoveryReceipt, Visit
from supervision.penalties.receipts import ReceiptRefused, record_recovery_receipt
from supervision.penalties.services import recover_by_agreement
from supervision.tests.helpers import AT, TODAY, make_finding, make_visit, supervisor

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, all started at the same moment; a refusal counts as its outcome."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except TransitionRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_finding_never_goes_both_ways() -> None:
    finding = make_finding()
    officers = (supervisor(), supervisor())
    opener, decider = supervisor(), supervisor()
    outcomes = at_once(
        lambda: open_case([finding], officers=officers, actor=opener, at=AT),
        lambda: recover_by_agreement([finding], actor=decider, at=AT, note="协议追回"),
    )
    assert sum(isinstance(outcome, StateConflict) for outcome in outcomes) == 1
    finding.refresh_from_db()
    assert (finding.case is None) != (finding.recovery is None)


def test_cases_opened_at_once_get_numbers_of_their_own() -> None:
    findings = [make_finding() for _n in range(4)]
    officers = (supervisor(), supervisor())
    opener = supervisor()

    def opening(index: int) -> Callable[[], object]:
        return lambda: open_case([findings[index]], officers=officers, actor=opener, at=AT)

    at_once(*(opening(index) for index in range(4)))
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"医保案〔2026〕{n}号" for n in range(1, 5)]


def test_receipts_at_once_never_exceed_what_is_open() -> None:
    row = recover_by_agreement([make_finding()], actor=supervisor(), at=AT, note="协议追回")
    actor = supervisor()

    def receiving(voucher: str) -> Callable[[], object]:
        return lambda: record_recovery_receipt(
            row,
            amount=Decimal("600.00"),
            received_on=TODAY,
            voucher=voucher,
            actor=actor,
            at=AT,
        )

    outcomes = at_once(receiving("P1"), receiving("P2"))
    assert sum(isinstance(outcome, ReceiptRefused) for outcome in outcomes) == 1
    assert RecoveryReceipt.objects.get().amount == Decimal("600.00")


def test_a_visit_sent_twice_at_once_is_kept_once() -> None:
    given = {
        "institution": make_institution(),
        "inspectors": (supervisor(), supervisor()),
        "actor": supervisor(),
    }
    outcomes = at_once(*[lambda: make_visit(**given)] * 3)
    refused = [outcome for outcome in outcomes if isinstance(outcome, VisitRefused)]
    assert len(refused) == 2
    assert Visit.objects.count() == 1
    assert VisitTransition.objects.count() == 1


def test_another_visit_of_the_day_is_kept() -> None:
    given = {"institution": make_institution(), "inspectors": (supervisor(), supervisor())}
    make_visit(**given)
    make_visit(**given, place="门诊部")
    assert Visit.objects.count() == 2
