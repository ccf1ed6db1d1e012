"""Visits, findings and cases of the demonstration, in all states."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.demo.county.clock import hour
from config.demo.county.sources import visits
from config.demo.county.window import Staff
from enrollment.models import Institution
from supervision.cases.models import Case
from supervision.cases.services import close_case, notify_case, open_case, terminate_case
from supervision.inspections.models import Finding
from supervision.inspections.services import FindingFacts, log_visit, record_finding
from supervision.penalties.receipts import record_fine_receipt, record_recovery_receipt
from supervision.penalties.services import decide_penalty, recover_by_agreement
from supervision.penalties.suspensions import order_suspension

_NO_DEFENCE = "当事人收到告知书后书面放弃陈述、申辩。"


class Oversight:
    """Three supervisors: two visit and file the case, the third decides."""

    def __init__(self, staff: Staff, *, on: date, last_day: date) -> None:
        """`last_day` is the working day before `on`."""
        self._officers = (staff["supervisor1"], staff["supervisor2"])
        self._decider = staff["supervisor3"]
        self._on = on
        self._last_day = last_day

    def play(self) -> None:
        """All visits with what followed from them."""
        follow: Mapping[str, Callable[[Finding], object]] = {
            "closed": self._close,
            "decided": self._decide_and_wait,
            "executed": self._execute,
            "terminated": self._terminate,
            "suspended": self._notify_and_suspend,
            "recovered": self._recover,
            "filed": lambda finding: self._file(finding, self._ago(2)),
        }
        for row in visits():
            finding = self._visit(row)
            if finding is not None and row["then"] in follow:
                follow[row["then"]](finding)

    def _visit(self, row: Mapping[str, Any]) -> Finding | None:
        day = self._ago(row["days_before"])
        planned = row["then"] == "planned"
        visit = log_visit(
            institution=Institution.objects.get(code=row["institution"]),
            visited_on=day,
            source=row["source"],
            inspectors=self._officers,
            charts_sampled=row["charts"],
            notes=row["notes"],
            planned=planned,
            actor=self._officers[0],
            at=hour(self._last_day if planned else day, 17),
        )
        found = row.get("finding")
        if found is None:
            return None
        facts = FindingFacts(
            article_code=found["article"],
            description=found["text"],
            act_from=self._ago(found["from_days"]),
            act_to=self._ago(found["to_days"]),
            loss=Decimal(found["loss"]),
        )
        return record_finding(visit, facts, actor=self._officers[1], at=hour(day, 17, 20))

    def _file(self, finding: Finding, day: date) -> Case:
        return open_case(
            [finding], officers=self._officers, actor=self._officers[0], at=hour(day, 9, 30)
        )

    def _notify(self, case: Case, day: date, *, multiple: int) -> Case:
        return notify_case(
            case,
            facts=f"经现场检查和病历、票据核对，查明：{case.findings.get().description}",
            recovery=case.loss,
            fine=case.loss * multiple,
            defence_until=day + timedelta(7),
            actor=self._officers[0],
            at=hour(day, 10),
        )

    def _decided(self, finding: Finding, days: tuple[int, int, int], *, multiple: int) -> Case:
        """Filed, notified and decided so many days ago."""
        filed, notified, decided = (self._ago(count) for count in days)
        case = self._notify(self._file(finding, filed), notified, multiple=multiple)
        return decide_penalty(
            case,
            recovery=case.loss,
            fine=case.loss * multiple,
            defence=_NO_DEFENCE,
            heard_on=notified + timedelta(2),
            actor=self._decider,
            at=hour(decided, 15),
        )

    def _close(self, finding: Finding) -> None:
        """Decided at the lower bound, all money in, closed."""
        case = self._decided(finding, (64, 60, 48), multiple=1)
        close_case(
            self._receive_all(case, self._ago(38), "0001"),
            actor=self._officers[0],
            at=hour(self._ago(34), 16),
            note="退回款、罚款均已缴清，整改已复查。",
        )

    def _execute(self, finding: Finding) -> None:
        """Decided, all money in; the case waits to be closed."""
        case = self._decided(finding, (90, 84, 70), multiple=1)
        self._receive_all(case, self._ago(3), "0003")

    def _receive_all(self, case: Case, day: date, voucher: str) -> Case:
        """Recovery and fine, the loss each, come in on one day."""
        when: dict[str, Any] = {"received_on": day, "actor": self._officers[0]}
        at = hour(day, 11)
        record_recovery_receipt(
            case.recovery, amount=case.loss, voucher=f"演示-收-{voucher}", at=at, **when
        )
        record_fine_receipt(
            case.fine, amount=case.loss, voucher=f"演示-罚-{voucher}", at=at, **when
        )
        case.refresh_from_db()
        return case

    def _terminate(self, finding: Finding) -> None:
        """Filed on a report, and ended without a decision."""
        terminate_case(
            self._file(finding, self._ago(105)),
            actor=self._decider,
            at=hour(self._ago(92), 16),
            note="经核对医嘱和护理记录，收费级别与护理级别一致，违法事实不成立。",
        )

    def _decide_and_wait(self, finding: Finding) -> None:
        """Decided at the upper bound; part of the recovery has come in, the fine has not."""
        case = self._decided(finding, (45, 38, 22), multiple=2)
        record_recovery_receipt(
            case.recovery,
            amount=Decimal("20000.00"),
            received_on=self._ago(12),
            voucher="演示-收-0002",
            actor=self._officers[1],
            at=hour(self._ago(12), 10),
        )

    def _notify_and_suspend(self, finding: Finding) -> None:
        """Fraud: notified, may still be heard; suspended from the last working day on."""
        case = self._notify(self._file(finding, self._ago(20)), self._ago(6), multiple=3)
        order_suspension(
            case,
            starts_on=self._last_day,
            ends_on=min(self._last_day + timedelta(179), date(self._last_day.year, 12, 31)),
            reason="涉嫌虚构医药服务项目，调查期间中止协议",
            actor=self._decider,
            at=hour(self._last_day, 16, 30),
        )

    def _recover(self, finding: Finding) -> None:
        """Under the agreement, without a case; the money has not come in."""
        recover_by_agreement(
            [finding],
            actor=self._decider,
            at=hour(self._ago(9), 14),
            note="首次发现、金额较小且已改正，按服务协议追回。",
        )

    def _ago(self, days: int) -> date:
        return self._on - timedelta(days)
