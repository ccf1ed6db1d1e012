"""Who falls ill in the year with what, and when; a bill for each stay and visit.

Counts are met exactly, the rest is drawn: the very young and the old more often, in their
season, chronic patients again and again; births are those of the children on the roll. Nothing
here says what the fund pays.
"""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from config.demo.county.sources import Diagnosis, diagnoses
from config.demo.year.bills import Bills, Deck, Lot, Treatment
from config.demo.year.months import Month
from config.demo.year.population import Population
from config.demo.year.sources import KINDS, MATERNITY, TWO_DISEASES, year_facts

INPATIENT, SPECIAL, GENERAL = KINDS
# Visits of a patient in the year, on average.
_VISITS_OF_ONE = {SPECIAL: 5, TWO_DISEASES: 4}
_NEW_ONE_IN = 6  # special-outpatient patients whose disease was recognised within the year
APPLIED = 45  # days before the certificate by which its applicant was covered
_HELD_BEFORE = (20, 900)  # days before the year in which the others were recognised
_DAYS_IN_400_YEARS = 146_097
_TRIES = 100  # for a further stay, before those of the next illness are due
_SAME_AGAIN = 80  # per cent of further stays that are for the same illness
_REGULARS = 35  # per cent of general visits of somebody who came before


class Bill(NamedTuple):
    """One stay or visit; days as ordinals, `admitted` 0 for a visit."""

    nth: int
    kind: str
    admitted: int
    discharged: int
    diagnosis: Diagnosis
    treatment: Treatment


class Stay(NamedTuple):
    """Days of a stay as ordinals, both inclusive, and what it was for."""

    first: int
    last: int
    diagnosis: Diagnosis


@dataclass
class Recognised:
    """A patient's chronic disease, and the first day of its certificate.

    `is_new` where the certificate was applied for within the year, `last_visit` is an ordinal.
    """

    disease: Diagnosis
    since: date
    is_new: bool
    last_visit: int = 0


class Year:
    """Draws a year of bills for a population.

    By the resident's place, so that whoever draws more can keep out of their way: `stays` holds
    what each patient has had, `recognised` who holds a certificate, `mothers` who gave birth.
    """

    def __init__(
        self,
        people: Population,
        months: Sequence[Month],
        bills: Bills,
        rng: Random,
        rechecks: Sequence[date] = (),
    ) -> None:
        """`rechecks` are the days of the year on which certificates are issued."""
        self._people = people
        self._months = months
        self._bills = bills
        self._rng = rng
        self._rechecks = rechecks
        self.stays: dict[int, list[Stay]] = {}
        self.recognised: dict[int, Recognised] = {}
        self.mothers: set[int] = set()
        facts = year_facts()
        self._shares = facts.ages
        self._seasons = {
            kind: Lot({month: facts.seasons[kind][month.first.month - 1] for month in months})
            for kind in (*KINDS, TWO_DISEASES)
        }
        self._fitting: dict[tuple[str, str, int, int], Lot[Diagnosis] | None] = {}

    def births(self) -> Iterator[Bill]:
        """The births of the children on the roll; draw them before the other stays."""
        deck = Deck.of({row: row.weight for row in diagnoses() if row.kind == MATERNITY})
        last = self._months[-1].last.toordinal()
        for mother, born in self._people.births(self._months[0].first.toordinal(), last):
            delivery = deck.deal(self._rng)
            day = born + max(1, delivery.days * self._rng.randint(60, 150) // 100)
            if day <= last and self._people.covered_on(mother, date.fromordinal(day)):
                self.mothers.add(mother)
                yield self._stay(mother, day, born - self._rng.randrange(2), delivery)

    def inpatient(self, stays: int, patients: int) -> Iterator[Bill]:
        """So many stays; by so many people, mothers included. No two of one person overlap."""
        deck = Deck.of({row: row.weight for row in diagnoses() if row.kind == INPATIENT})
        more = stays - (patients - len(self.stays))
        while len(self.stays) < patients:
            yield self._first_stay(deck.deal(self._rng))
        yield from self._further_stays(more)

    def special(self, visits: int) -> Iterator[Bill]:
        """Visits of patients with a recognised chronic disease, the same all year."""
        for place, (nth, disease) in enumerate(self._chronic(SPECIAL, visits).items()):
            self.recognised[nth] = self._recognise(nth, disease, is_new=place % _NEW_ONE_IN == 0)
        turns = Deck(self.recognised)
        while visits > 0:
            nth, day = turns.deal(self._rng), self._day(SPECIAL)
            held = self.recognised[nth]
            if day >= held.since.toordinal() and self._is_covered(nth, day):
                held.last_visit = max(held.last_visit, day)
                visits -= 1
                yield self._visit(nth, day, held.disease)

    def medicines(self, visits: int) -> Iterator[Bill]:
        """Medicines for the two diseases, for patients without a certificate."""
        patients = self._chronic(TWO_DISEASES, visits, without=self.recognised)
        turns = Deck(patients)
        while visits > 0:
            nth, day = turns.deal(self._rng), self._day(TWO_DISEASES)
            if self._is_covered(nth, day):
                visits -= 1
                yield self._visit(nth, day, patients[nth])

    def _chronic(
        self, kind: str, visits: int, *, without: Collection[int] = ()
    ) -> dict[int, Diagnosis]:
        """The patients of so many visits, each disease with its share of them."""
        diseases = [row for row in diagnoses() if row.kind == kind]
        whole = sum(row.weight for row in diseases)
        count = -(-visits // _VISITS_OF_ONE[kind])
        known: dict[int, Diagnosis] = {}
        for disease in diseases:
            wanted = len(known) + -(-count * disease.weight // whole)
            while len(known) < wanted:
                nth, day = self._somebody(kind)
                if nth not in known and nth not in without and self._fits(disease, nth, day):
                    known[nth] = disease
        return known

    def _recognise(self, nth: int, disease: Diagnosis, *, is_new: bool) -> Recognised:
        """Newly on a day of recheck within the year, where the applicant was covered in time."""
        days = [day for day in self._rechecks if self._is_covered(nth, day.toordinal() - APPLIED)]
        if is_new and days:
            return Recognised(disease, self._rng.choice(days), is_new=True)
        earlier = timedelta(self._rng.randint(*_HELD_BEFORE))
        return Recognised(disease, self._months[0].first - earlier, is_new=False)

    def general(self, visits: int) -> Iterator[Bill]:
        """Ordinary visits, a good third by people who have been there before."""
        earlier = array("l")
        while visits > 0:
            if earlier and self._rng.randrange(100) < _REGULARS:
                nth, day = self._rng.choice(earlier), self._day(GENERAL)
                if not self._is_covered(nth, day):
                    continue
            else:
                nth, day = self._somebody(GENERAL)
            diagnosis = self._draw_diagnosis(nth, GENERAL, day)
            if diagnosis is not None:
                earlier.append(nth)
                visits -= 1
                yield self._visit(nth, day, diagnosis)

    def _day(self, kind: str) -> int:
        month = self._seasons[kind].draw(self._rng)
        return month.first.toordinal() + self._rng.randrange(month.days)

    def _somebody(self, kind: str) -> tuple[int, int]:
        """A resident who may have fallen ill by a day, and the day."""
        while True:
            nth, day = self._rng.randrange(len(self._people)), self._day(kind)
            if self._is_ill(nth, kind, day):
                return nth, day

    def _is_ill(self, nth: int, kind: str, day: int) -> bool:
        if self._rng.randrange(100) >= self._shares[kind][max(self._age(nth, day), 0)]:
            return False
        return self._is_covered(nth, day)

    def _is_covered(self, nth: int, day: int) -> bool:
        return self._people.covered_on(nth, date.fromordinal(day))

    def _fits(self, disease: Diagnosis, nth: int, day: int) -> bool:
        month = date.fromordinal(day).month
        return disease.fits(sex=self._sex(nth), age=self._age(nth, day), month=month)

    def _sex(self, nth: int) -> str:
        return "male" if self._people.sexes[nth] else "female"

    def _age(self, nth: int, day: int) -> int:
        """Years of age, counted in average years."""
        return (day - self._people.born[nth]) * 400 // _DAYS_IN_400_YEARS

    def _draw_diagnosis(self, nth: int, kind: str, day: int) -> Diagnosis | None:
        """What the resident may come with in that season, or None when nothing fits."""
        sex, age = self._sex(nth), self._age(nth, day)
        month = date.fromordinal(day).month
        key = (kind, sex, age, month)
        if key not in self._fitting:
            weights = {
                row: row.weight
                for row in diagnoses()
                if row.kind == kind and row.fits(sex=sex, age=age, month=month)
            }
            self._fitting[key] = Lot(weights) if weights else None
        lot = self._fitting[key]
        return lot.draw(self._rng) if lot is not None else None

    def _first_stay(self, disease: Diagnosis) -> Bill:
        """Somebody who has not lain in hospital this year falls ill with the disease."""
        while True:
            nth, day = self._somebody(INPATIENT)
            if nth not in self.stays and self._fits(disease, nth, day):
                return self._stay(nth, day, self._first_day(nth, day, disease), disease)

    def _further_stays(self, count: int) -> Iterator[Bill]:
        """Stays of who lay in hospital before; each first illness has its share of them."""
        patients: dict[Diagnosis, list[int]] = {}
        for nth, stays in self.stays.items():
            if stays[0].diagnosis.again:
                patients.setdefault(stays[0].diagnosis, []).append(nth)
        whole = sum(known.again * len(those) for known, those in patients.items())
        weighed = drawn = 0
        for known, those in patients.items():
            weighed += known.again * len(those)
            turns, tries = Deck(those), 0
            while drawn * whole < count * weighed and tries < _TRIES * count:
                bill = self._further_stay(turns.deal(self._rng), self._day(INPATIENT))
                tries += 1
                if bill is not None:
                    drawn += 1
                    yield bill

    def _further_stay(self, nth: int, day: int) -> Bill | None:
        """The patient once more, or None when not then."""
        earlier = self.stays[nth]
        known = earlier[0].diagnosis
        if not self._is_covered(nth, day):
            return None
        same = known.all_year and self._rng.randrange(100) < _SAME_AGAIN
        disease = known if same else self._draw_diagnosis(nth, INPATIENT, day)
        if disease is None:
            return None
        first = self._first_day(nth, day, disease)
        if any(first <= stay.last and stay.first <= day for stay in earlier):
            return None
        return self._stay(nth, day, first, disease)

    def _first_day(self, nth: int, day: int, disease: Diagnosis) -> int:
        length = max(1, disease.days * self._rng.randint(60, 150) // 100)
        return max(day - length, self._people.born[nth])

    def _stay(self, nth: int, day: int, first: int, disease: Diagnosis) -> Bill:
        self.stays.setdefault(nth, []).append(Stay(first, day, disease))
        return self._bill(nth, day, disease, first)

    def _visit(self, nth: int, day: int, diagnosis: Diagnosis) -> Bill:
        return self._bill(nth, day, diagnosis, 0)

    def _bill(self, nth: int, day: int, diagnosis: Diagnosis, admitted: int) -> Bill:
        treatment = self._bills.treat(
            diagnosis,
            nth=nth,
            township=self._people.townships[nth],
            man=bool(self._people.sexes[nth]),
            age=self._age(nth, day),
            days=day - admitted if admitted else 0,
            rng=self._rng,
        )
        return Bill(nth, diagnosis.kind, admitted, day, diagnosis, treatment)
