"""How near the settled year comes to the county's report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from config.demo.year.sources import COUNTED_AS, KINDS, Target, year_facts
from enrollment.values.money import round_fen

WITHIN = Decimal(10)  # per cent

_FUND = """
    SELECT c.kind, count(*), coalesce(sum(f.paid), 0)
      FROM claims_settledclaim s
      JOIN claims_claim c ON c.id = s.claim_id
      LEFT JOIN (SELECT settled_id, sum(paid) AS paid FROM claims_layerpayment
                  WHERE payer = 'fund' GROUP BY settled_id) f ON f.settled_id = s.claim_id
     WHERE s.run_id = ANY(%(runs)s)
     GROUP BY c.kind
"""
_CRITICAL = """
    SELECT count(*), coalesce(sum(l.paid), 0) FROM claims_layerpayment l
      JOIN claims_settledclaim s ON s.claim_id = l.settled_id
     WHERE s.run_id = ANY(%(runs)s) AND l.layer = 'critical_illness'
"""


@dataclass(frozen=True)
class Nearness:
    """Payments of one kind beside the report's; yuan, `average` None without a payment."""

    kind: str
    count: int
    total: Decimal
    target: Target

    @property
    def average(self) -> Decimal | None:
        """Paid for one, on average, to the fen."""
        return round_fen(self.total / self.count) if self.count else None

    @property
    def deviation(self) -> Decimal | None:
        """By how many per cent of the target the average lies above it, two decimals.

        >>> Nearness("inpatient", 2, Decimal("210"), Target(1, Decimal("100"))).deviation
        Decimal('5.00')
        """
        if not self.count:
            return None
        return round_fen((self.total / self.count / self.target.average - 1) * 100)

    @property
    def is_near(self) -> bool:
        """Within a tenth of the report's average."""
        return self.deviation is not None and abs(self.deviation) <= WITHIN

    def printed(self) -> Mapping[str, Any]:
        """For the command."""
        return {
            "kind": self.kind,
            "count": self.count,
            "average": self.average,
            "target": self.target.average,
            "expected_count": self.target.count,
            "deviation_percent": self.deviation,
            "within_tenth": self.is_near,
        }


def compare(runs: Sequence[int], *, residents: int) -> list[Nearness]:
    """What the runs of a year paid beside the report's year, for a county of that size.

    The fund's share of each kind that the report counts, births among the stays and medicines
    among the visits; then the payments of critical-illness insurance.
    """
    facts = year_facts()
    with connection.cursor() as cursor:
        cursor.execute(_FUND, {"runs": list(runs)})
        paid: dict[str, tuple[int, Decimal]] = {}
        for kind, count, total in cursor.fetchall():
            counted = COUNTED_AS.get(kind, kind)
            before = paid.get(counted, (0, Decimal(0)))
            paid[counted] = (before[0] + count, before[1] + total)
        cursor.execute(_CRITICAL, {"runs": list(runs)})
        critical = cursor.fetchone()
    found = [(kind, paid.get(kind, (0, Decimal(0))), facts.targets[kind]) for kind in KINDS]
    found.append(("critical_illness", critical, facts.critical_illness))
    return [
        Nearness(kind, count, total, Target(facts.scaled(target.count, residents), target.average))
        for kind, (count, total), target in found
    ]
