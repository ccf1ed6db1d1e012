"""Certificates behind the year's special outpatient visits: carried over, applied for, renewed.

Most come from the system before the portal. Some diseases were recognised within the year; of
those whose certificates end, some end within it and are renewed; a few certificates have ended
before, and a few are taken back after the last visit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from claims.certificates.models import (
    CertificateState,
    CertificateTransition,
    SpecialCertificate,
)
from claims.certificates.selectors import is_of
from claims.certificates.services import revoke_certificate
from claims.certificates.states import RevocationReason
from claims.diseases.models import SpecialDisease
from claims.diseases.selectors import term_on
from config.demo.county.clock import hour
from config.demo.records.applications import (
    DECLINED,
    DIAGNOSES,
    ISSUED,
    REFUSED,
    WITHDRAWN,
    Applicant,
    Applications,
)
from config.demo.records.office import Office, Quarter
from config.demo.records.steps import store_with_steps
from config.demo.year.illness import APPLIED, Recognised
from config.demo.year.population import Population
from enrollment.models import Person, User
from enrollment.values.periods import last_day_of_months

_NOT_GRANTED_ONE_IN = 4  # beside so many that are granted, one is not; one a quarter at least
_ENDED_ONE_IN = 30
_REVOKED_ONE_IN = 50
_ENDS_AFTER = (6, 70)  # days after the recheck of its renewal
_ENDED_BEFORE = (30, 300)  # days before the year


@dataclass(frozen=True)
class Carried:
    """A certificate of the system before, of the resident `nth`; both days inclusive."""

    nth: int
    disease: SpecialDisease
    starts_on: date
    ends_on: date | None


class Certificates:
    """Stores them: those carried over by the thousand, what follows by the services."""

    def __init__(
        self,
        staff: Mapping[str, User],
        persons: Sequence[int],
        people: Population,
        *,
        first: date,
        office: Office,
        numbers: Iterator[int],
        rng: Random,
    ) -> None:
        """`persons` are primary keys by the residents' places; `first` is the year's first day."""
        self._staff = staff
        self._persons = persons
        self._people = people
        self._first = first
        self._office = office
        self._numbers = numbers
        self._rng = rng
        self._catalogue = list(SpecialDisease.objects.order_by("code"))
        self._months = {one.pk: self._months_of(one) for one in self._catalogue}

    def keep(
        self,
        recognised: Mapping[int, Recognised],
        quarters: Sequence[Quarter],
        others: Iterator[int],
        applications: Applications,
    ) -> None:
        """Everything of the year; `others` are residents who never came as patients."""
        diseases = {nth: self._disease_of(held) for nth, held in recognised.items()}
        carried: list[Carried] = []
        renewed: dict[int, Quarter] = {}
        for nth, held in recognised.items():
            if held.is_new:
                continue
            possible = [quarter for quarter in quarters if self._may_apply(nth, quarter)]
            if possible and self._months[diseases[nth].pk] and len(carried) % 2:
                renewed[nth] = self._rng.choice(possible)
                carried.append(self._ending(nth, diseases[nth], renewed[nth]))
            else:
                carried.append(self._lasting(nth, diseases[nth], held.since))
        carried += [self._ended(next(others)) for _nth in range(1 + len(carried) // _ENDED_ONE_IN)]
        stored = self._store(sorted(carried, key=lambda one: (one.starts_on, one.nth)))
        ends = cycle((DECLINED, WITHDRAWN, REFUSED))
        for quarter in quarters:
            applicants = [
                self._applicant(nth, diseases[nth], ISSUED, held.since)
                for nth, held in recognised.items()
                if held.is_new and held.since in quarter.recheck
            ]
            applicants += [
                self._applicant(nth, diseases[nth], ISSUED, quarter.recheck[0], stored[nth])
                for nth, chosen in renewed.items()
                if chosen is quarter
            ]
            for _nth in range(1 + len(applicants) // _NOT_GRANTED_ONE_IN):
                disease = self._rng.choice([d for d in self._catalogue if d.code in DIAGNOSES])
                end, day = next(ends), self._rng.choice(quarter.recheck)
                applicants.append(self._applicant(next(others), disease, end, day))
            self._rng.shuffle(applicants)
            applications.play(quarter, applicants)
        self._take_back({n: h for n, h in recognised.items() if n not in renewed}, stored)

    def _months_of(self, disease: SpecialDisease) -> int | None:
        term = term_on(disease, self._first)
        return term.months if term else None

    def _disease_of(self, held: Recognised) -> SpecialDisease:
        text = f"{held.disease.code} {held.disease.name}"
        return next(one for one in self._catalogue if is_of(one, text))

    def _may_apply(self, nth: int, quarter: Quarter) -> bool:
        return self._people.covered_on(nth, quarter.recheck[0] - timedelta(APPLIED))

    def _lasting(self, nth: int, disease: SpecialDisease, since: date) -> Carried:
        months = self._months[disease.pk]
        return Carried(nth, disease, since, last_day_of_months(since, months) if months else None)

    def _ending(self, nth: int, disease: SpecialDisease, quarter: Quarter) -> Carried:
        return self._until(nth, disease, quarter.recheck[-1], self._rng.randint(*_ENDS_AFTER))

    def _ended(self, nth: int) -> Carried:
        disease = self._rng.choice([one for one in self._catalogue if self._months[one.pk]])
        return self._until(nth, disease, self._first, -self._rng.randint(*_ENDED_BEFORE))

    def _until(self, nth: int, disease: SpecialDisease, day: date, later: int) -> Carried:
        """A certificate that ended by its months, so many days after the day or a few less."""
        follows = day + timedelta(later)
        follows = follows.replace(day=min(follows.day, 28))
        months = follows.year * 12 + follows.month - 1 - (self._months[disease.pk] or 0)
        start = date(months // 12, months % 12 + 1, follows.day)
        return Carried(nth, disease, start, follows - timedelta(1))

    def _store(self, carried: Sequence[Carried]) -> dict[int, SpecialCertificate]:
        """As `carry_over`, all at once; by the resident's place."""
        actor = self._staff["benefit1"]
        day = self._office.on_or_before(self._first - timedelta(1))
        rows = [
            SpecialCertificate(
                person_id=self._persons[one.nth],
                disease=one.disease,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                document=f"慢特〔{one.starts_on.year}〕{next(self._numbers)}号",
                issued_by=actor,
                issued_at=hour(day, 9, place % 480),
            )
            for place, one in enumerate(carried)
        ]
        steps = [
            CertificateTransition(
                subject=row,
                action="carry_over",
                to_state=CertificateState.ISSUED,
                actor=actor,
                at=row.issued_at,
                note=row.document,
            )
            for row in rows
        ]
        store_with_steps(rows, steps)
        return {one.nth: row for one, row in zip(carried, rows, strict=True)}

    def _applicant(
        self,
        nth: int,
        disease: SpecialDisease,
        end: str,
        recheck: date,
        renews: SpecialCertificate | None = None,
    ) -> Applicant:
        person = Person.objects.get(pk=self._persons[nth])
        return Applicant(person, disease, end, recheck, renews)

    def _take_back(
        self, recognised: Mapping[int, Recognised], stored: Mapping[int, SpecialCertificate]
    ) -> None:
        """Of those who came last long ago: the disease no longer meets the standard."""
        seen = [(held.last_visit, nth) for nth, held in recognised.items() if nth in stored]
        seen = [(last_visit, nth) for last_visit, nth in seen if last_visit]
        for last_visit, nth in sorted(seen)[: 1 + len(seen) // _REVOKED_ONE_IN]:
            day = self._office.on_or_after(date.fromordinal(last_visit) + timedelta(1))
            revoke_certificate(
                stored[nth],
                revoked_from=day,
                reason=RevocationReason.RECOVERED,
                note="定期复查各项指标已不符合认定标准。",
                actor=self._staff["benefit2"],
                at=hour(day, 10),
            )
