"""`year.yaml`: the report's year and how the demonstration draws its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.intake.models import Claim

DATA = Path(__file__).parent / "data"
# What the report counts.
KINDS = tuple(
    kind.value
    for kind in (
        Claim.Kind.INPATIENT,
        Claim.Kind.SPECIAL_OUTPATIENT,
        Claim.Kind.GENERAL_OUTPATIENT,
    )
)
TWO_DISEASES, MATERNITY = Claim.Kind.TWO_DISEASES.value, Claim.Kind.MATERNITY.value
# The report counts medicines for the two diseases with the visits, births with the stays.
COUNTED_AS = {TWO_DISEASES: Claim.Kind.GENERAL_OUTPATIENT, MATERNITY: Claim.Kind.INPATIENT}


@dataclass(frozen=True)
class Target:
    """So many payments, so much yuan each on average."""

    count: int
    average: Decimal


@dataclass(frozen=True)
class YearFacts:
    """The file's content, by kind of care where it says so.

    `ages` holds for each year of age 0…120 how many of a hundred people drawn have it;
    `costs` are per mille, everything else shares of a whole. `medicines` are visits in a hundred.
    """

    residents: int
    special: int
    patients: int
    targets: Mapping[str, Target]
    critical_illness: Target
    ages: Mapping[str, tuple[int, ...]]
    seasons: Mapping[str, tuple[int, ...]]
    levels: tuple[tuple[int, Mapping[str, int]], ...]
    costs: Mapping[str, int]
    medicines: int
    on_paper: int
    filings: Mapping[str, int]

    def scaled(self, figure: int, residents: int) -> int:
        """A figure of the report for a county of so many residents.

        >>> year_facts().scaled(117_313, 4_219)
        1173
        """
        return (figure * residents + self.residents // 2) // self.residents


@cache
def year_facts() -> YearFacts:
    """`year.yaml`, read once."""
    with (DATA / "year.yaml").open(encoding="utf-8") as stream:
        data = yaml.safe_load(stream)
    report = data["report"]
    critical = report["critical_illness"]
    return YearFacts(
        residents=report["residents"],
        special=report["special"],
        patients=report["patients"],
        targets={
            kind: Target(report["volumes"][kind], Decimal(report["fund_average"][kind]))
            for kind in KINDS
        },
        critical_illness=Target(critical["count"], Decimal(critical["average"])),
        ages={kind: tuple(_by_age(data["ages"], kind)) for kind in (*KINDS, TWO_DISEASES)},
        seasons={kind: tuple(shares) for kind, shares in data["seasons"].items()},
        levels=tuple(
            (row["below"], {level: share for level, share in row.items() if level != "below"})
            for row in data["levels"]
        ),
        costs=data["costs"],
        medicines=data["medicines"],
        on_paper=data["on_paper"],
        filings=data["filings"],
    )


def _by_age(bands: list[dict[str, Any]], kind: str) -> list[int]:
    shares: list[int] = []
    for band in bands:
        shares += [band[kind]] * (band["until"] + 1 - len(shares))
    return shares
