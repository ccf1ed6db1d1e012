"""Invented claims: who falls ill with what, where, for how long and at what cost."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from claims.intake.rules import STAYS
from config.demo.county.people import Resident, pick
from config.demo.county.sources import Diagnosis, InstitutionRow, diagnoses, institutions

# Paper claims come more often from far away than all claims do: near, hospitals settle at once.
_INPATIENT_LEVELS = {"township": 18, "county": 40, "city": 24, "province": 18}
_KINDS = {
    "inpatient": 50,
    "special_outpatient": 17,
    "general_outpatient": 11,
    "two_diseases": 10,
    "maternity": 12,
}
_FILINGS = {"referred": 38, "filed": 34, "unfiled": 28}
# Cost at a level, in per cent of the county hospital's.
_COST = {"township": 48, "county": 100, "city": 185, "province": 310}
# How a single bill lies around the usual one, in per cent: most below, few far above.
_SPREAD = (42, 55, 64, 71, 78, 84, 90, 95, 100, 106, 113, 121, 130, 142, 158, 180, 215, 270, 390)


@dataclass(frozen=True)
class Illness:
    """One bill: the facts of a claim; amounts in yuan."""

    resident: Resident
    institution: str
    kind: str
    detail: str
    filing: str
    admitted_on: date | None
    discharged_on: date
    diagnosis: str
    invoice_no: str
    total: Decimal
    excluded: Decimal
    over_limit: Decimal
    first_self_pay: Decimal


class Illnesses:
    """Draws bills of residents who were enrolled on the day of discharge.

    Every fifth bill is of somebody who had one before, so that yearly counters fill. Stays of
    one person do not overlap; invoice numbers differ.
    """

    def __init__(
        self,
        residents: Sequence[Resident],
        rng: Random,
        stays: Mapping[str, Iterable[tuple[date, date]]] | None = None,
        mothers: Collection[str] = (),
    ) -> None:
        """`stays` are the days on which residents lay in hospital before, by identity number.

        `mothers` gave birth within the year and do not again.
        """
        self._residents = residents
        self._rng = rng
        self._stays = {number: list(days) for number, days in (stays or {}).items()}
        self._mothers = set(mothers)
        self._earlier: list[Resident] = []
        self._invoices = 0

    def of_day(self, submitted_on: date, count: int) -> Iterator[Illness]:
        """`count` bills that are brought to the window on that day."""
        for _nth in range(count):
            illness = None
            while illness is None:
                illness = self._draw(submitted_on)
            yield illness

    def at(self, institution: str, discharged_on: date) -> Illness:
        """A stay at one institution that ends on a given day."""
        row = next(row for row in institutions() if row.code == institution)
        while True:
            resident = self._rng.choice(self._residents)
            illness = self._bill(resident, "inpatient", discharged_on, [row])
            if illness is not None:
                return illness

    def _draw(self, submitted_on: date) -> Illness | None:
        rng = self._rng
        known = self._earlier and rng.randrange(5) == 0
        resident = rng.choice(self._earlier if known else self._residents)
        kind = pick(rng, _KINDS)
        level = pick(rng, _INPATIENT_LEVELS) if kind == "inpatient" else ""
        places = [row for row in institutions() if _treats(row, kind, level)]
        return self._bill(resident, kind, submitted_on - timedelta(rng.randint(2, 55)), places)

    def _bill(
        self, resident: Resident, kind: str, day: date, places: Sequence[InstitutionRow]
    ) -> Illness | None:
        """A bill, or None when this resident cannot have had it."""
        rng = self._rng
        if day.year not in resident.years or resident.born_on > day - timedelta(4):
            return None
        age = resident.age_on(day)
        fitting = {
            row: row.weight
            for row in diagnoses()
            if row.kind == kind and row.fits(sex=resident.sex, age=age, month=day.month)
        }
        # Of ten young adults drawn one is ill: the old and the very young come more often.
        if not fitting or (kind != "maternity" and 6 < age < 50 and rng.randrange(10)):
            return None
        diagnosis = pick(rng, fitting)
        if kind == "maternity" and resident.id_number in self._mothers:
            return None
        stay = self._stay(resident, day, diagnosis)
        if stay is None:
            return None
        place = rng.choice([row for row in places if _takes(row, resident.sex, age)] or places)
        self._earlier.append(resident)
        if kind == "maternity":
            self._mothers.add(resident.id_number)
        self._invoices += 1
        total = self._yuan(diagnosis.median * _COST[place.level] * rng.choice(_SPREAD))
        return Illness(
            resident=resident,
            institution=place.code,
            kind=kind,
            detail=diagnosis.detail,
            filing=pick(rng, _FILINGS) if kind == "inpatient" and is_far(place) else "none",
            admitted_on=stay[0] if kind in STAYS else None,
            discharged_on=day,
            diagnosis=f"{diagnosis.code} {diagnosis.name}",
            invoice_no=f"{rng.randrange(10**4):04d}{self._invoices:06d}",
            total=total,
            excluded=self._part(total, 3, 14),
            over_limit=self._part(total, 0, 3),
            first_self_pay=self._part(total, 2, 9),
        )

    def _stay(
        self, resident: Resident, day: date, diagnosis: Diagnosis
    ) -> tuple[date, date] | None:
        """First and last day, or None when the resident lay elsewhere then."""
        length = max(1, diagnosis.days * self._rng.randint(60, 150) // 100)
        first = max(day - timedelta(length), resident.born_on) if diagnosis.days else day
        stays = self._stays.setdefault(resident.id_number, [])
        if diagnosis.days:
            if any(first <= last and start <= day for start, last in stays):
                return None
            stays.append((first, day))
        return first, day

    def _yuan(self, hundredths_of_fen: int) -> Decimal:
        """Yuan with an odd number of fen, as bills have."""
        return Decimal(hundredths_of_fen // 100 + self._rng.randrange(100)).scaleb(-2)

    def _part(self, total: Decimal, low: int, high: int) -> Decimal:
        """`low` to `high` per cent of the total."""
        fen = int(total.scaleb(2)) * self._rng.randint(low * 10, high * 10) // 1000
        return Decimal(fen).scaleb(-2)


def is_far(place: InstitutionRow) -> bool:
    """Whether the institution lies outside the county, where filing matters."""
    return not place.division.startswith("433127")


def _treats(row: InstitutionRow, kind: str, level: str) -> bool:
    if row.agreement == "expired":
        return False
    if kind == "inpatient":
        return row.kind == "hospital" and row.level == level
    if kind == "maternity":
        return row.kind == "hospital" and row.level == "county" and not is_far(row)
    if kind == "two_diseases":
        return row.kind == "hospital" and row.level in ("township", "county")
    if kind == "special_outpatient":
        return row.kind in ("hospital", "pharmacy") and row.level == "county"
    return row.level == "township" and row.kind != "pharmacy"


def _takes(row: InstitutionRow, sex: str, age: int) -> bool:
    """Whether a maternity and child hospital would take the patient; the others take all."""
    return "妇幼" not in row.name or age < 15 or (sex == "female" and age < 50)
