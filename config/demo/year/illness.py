"""Who falls ill in the year with what, and when; a bill for each stay and visit.

Counts are met exactly, the rest is drawn: the very young and the old more often, in their
season, chronic patients again and again. Nothing here says what the fund pays.
"""

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from config.demo.county.sources import Diagnosis, diagnoses
from config.demo.year.bills import Bills, Deck, Lot, Treatment
from config.demo.year.months import Month
from config.demo.year.population import Population
from config.demo.year.sources import KINDS, year_facts

INPATIENT, SPECIAL, GENERAL = KINDS
_VISITS_OF_ONE = 5  # special-outpatient visits of a patient in the year, on average
_DAYS_IN_400_YEARS = 146_097
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


class Year:
    """Draws a year of bills for a population.

    `stays` holds what each patient has had, by the resident's place, so that whoever draws
    more can keep out of their way.
    """

    def __init__(
        self, people: Population, months: Sequence[Month], bills: Bills, rng: Random
    ) -> None:
        self._people = people
        self._months = months
        self._bills = bills
        self._rng = rng
        self.stays: dict[int, list[Stay]] = {}
        facts = year_facts()
        self._shares = facts.ages
        self._seasons = {
            kind: Lot({month: facts.seasons[kind][month.first.month - 1] for month in months})
            for kind in KINDS
        }
        self._fitting: dict[tuple[str, str, int, int], Lot[Diagnosis] | None] = {}

    def inpatient(self, stays: int, patients: int) -> Iterator[Bill]:
        """So many stays by so many different people; no two of one person overlap."""
        deck = Deck.of({row: row.weight for row in diagnoses() if row.kind == INPATIENT})
        while len(self.stays) < patients:
            yield self._first_stay(deck.deal(self._rng))
        more, turns = stays - patients, Deck(self.stays)
        while more > 0:
            bill = self._further_stay(turns.deal(self._rng), self._day(INPATIENT))
            if bill is not None:
                more -= 1
                yield bill

    def special(self, visits: int) -> Iterator[Bill]:
        """Visits of patients with a recognised chronic disease, the same all year."""
        patients = list(self._chronic(-(-visits // _VISITS_OF_ONE)))
        turns = Deck(patients)
        while visits > 0:
            (nth, diagnosis), day = turns.deal(self._rng), self._day(SPECIAL)
            if self._people.covered_on(nth, date.fromordinal(day)):
                visits -= 1
                yield self._visit(nth, day, diagnosis)

    def _chronic(self, count: int) -> Iterator[tuple[int, Diagnosis]]:
        """So many patients, each disease with its share of them."""
        diseases = [row for row in diagnoses() if row.kind == SPECIAL]
        whole = sum(row.weight for row in diseases)
        known: set[int] = set()
        for disease in diseases:
            wanted = len(known) + -(-count * disease.weight // whole)
            while len(known) < wanted:
                nth, day = self._somebody(SPECIAL)
                if nth not in known and self._fits(disease, nth, day):
                    known.add(nth)
                    yield nth, disease

    def general(self, visits: int) -> Iterator[Bill]:
        """Ordinary visits, a good third by people who have been there before."""
        earlier = array("l")
        while visits > 0:
            if earlier and self._rng.randrange(100) < _REGULARS:
                nth, day = self._rng.choice(earlier), self._day(GENERAL)
                if not self._people.covered_on(nth, date.fromordinal(day)):
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

    def _further_stay(self, nth: int, day: int) -> Bill | None:
        """The patient once more, or None when not again, or not then."""
        earlier = self.stays[nth]
        known = earlier[0].diagnosis
        if self._rng.randrange(100) >= known.again:
            return None
        if not self._people.covered_on(nth, date.fromordinal(day)):
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
            township=self._people.townships[nth],
            man=bool(self._people.sexes[nth]),
            age=self._age(nth, day),
            days=day - admitted if admitted else 0,
            rng=self._rng,
        )
        return Bill(nth, diagnosis.kind, admitted, day, diagnosis, treatment)
