"""The year's inspection rounds: each institution is visited, as the agreements ask.

Two supervisors go; most visits find nothing, every fourth a small breach that is settled under
the agreement and repaid. What is grave stands in `visits.yaml` (`config.demo.county.oversight`).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from config.demo.county.clock import hour
from config.demo.county.sources import InstitutionRow
from config.demo.county.window import Staff
from config.demo.year.months import working_day
from enrollment.models import Institution
from supervision.inspections.services import FindingFacts, log_visit, record_finding
from supervision.penalties.receipts import record_recovery_receipt
from supervision.penalties.services import recover_by_agreement

_FOUND_ONE_IN = 4
_LAST = 30  # days before the demonstration's day on which the rounds end
# Article, what was found, and the usual loss in yuan; by kind of institution.
_BREACHES = {
    "hospital": (
        ("38-3", "部分患者护理费按高一级别计收，超过规定标准。", 640),
        ("38-3", "同一项目在住院和门诊重复收费。", 420),
        ("38-3", "床位费计费天数多于实际住院天数。", 380),
        ("38-2", "部分患者检查项目与病情不符，属过度检查。", 560),
    ),
    "pharmacy": (("38-4", "以目录内药品名义串换其他商品。", 310),),
}


class Rounds:
    """Two supervisors visit, the third decides on recovery."""

    def __init__(self, staff: Staff, rng: Random, *, on: date) -> None:
        self._officers = (staff["supervisor1"], staff["supervisor2"])
        self._decider = staff["supervisor3"]
        self._rng = rng
        self._on = on
        self._vouchers = 0

    def play(self, rows: Sequence[InstitutionRow], *, times: int) -> None:
        """Visit each hospital and pharmacy of the county so many times within the year."""
        visited = [
            row
            for row in rows
            if row.agreement == "current"
            and row.kind in _BREACHES
            and row.division.startswith("433127")
        ]
        institutions = Institution.objects.in_bulk([row.code for row in visited], field_name="code")
        span = (365 - _LAST) // max(times, 1)
        days = [
            (_LAST + span * nth + self._rng.randrange(span), row)
            for nth in range(times)
            for row in visited
        ]
        for ago, row in sorted(days, key=lambda each: (-each[0], each[1].code)):
            self._visit(row, institutions[row.code], working_day(self._on - timedelta(ago)))

    def _visit(self, row: InstitutionRow, institution: Institution, day: date) -> None:
        charts = 20 + self._rng.randrange(40)
        visit = log_visit(
            institution=institution,
            visited_on=day,
            source="daily",
            inspectors=self._officers,
            charts_sampled=charts,
            notes=f"日常巡查，抽查病历、处方 {charts} 份。",
            actor=self._officers[0],
            at=hour(day, 16, 30),
        )
        if self._rng.randrange(_FOUND_ONE_IN):
            return
        article, words, usual = self._rng.choice(_BREACHES[row.kind])
        found = record_finding(
            visit,
            FindingFacts(
                article_code=article,
                description=words,
                act_from=day - timedelta(90),
                act_to=day - timedelta(3),
                loss=Decimal(usual * self._rng.randint(30, 260)).scaleb(-2),
            ),
            actor=self._officers[1],
            at=hour(day, 16, 50),
        )
        decided = working_day(day + timedelta(5))
        recovery = recover_by_agreement(
            [found],
            actor=self._decider,
            at=hour(decided, 10),
            note="首次发现、金额较小且已改正，按服务协议追回。",
        )
        received = working_day(day + timedelta(14))
        self._vouchers += 1
        record_recovery_receipt(
            recovery,
            amount=recovery.amount,
            received_on=received,
            voucher=f"演示-追-{self._vouchers:04d}",
            actor=self._officers[0],
            at=hour(received, 11),
        )
