"""Puts on record what lies behind the year's claims, before they are stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from claims.diseases.selectors import window_rules
from claims.outofarea.models import FilingKind
from claims.outofarea.selectors import filing_rule_on
from config.demo.records.applications import Applications
from config.demo.records.certificates import Certificates
from config.demo.records.filings import FarStay, Plan
from config.demo.records.office import Office, Quarter
from config.demo.records.storing import store_filings
from config.demo.year.illness import APPLIED, Year
from config.demo.year.months import Month
from config.demo.year.population import Population
from enrollment.calendar.selectors import work_calendar
from enrollment.models import Institution, User

_HOSPITAL = "H43312700001"
_APPLICANTS_FROM = 45  # years of age
_GROWN_UP = range(18, 76)


class Records:
    """Certificates, applications and filings of a year."""

    def __init__(
        self,
        people: Population,
        months: Sequence[Month],
        staff: Mapping[str, User],
        *,
        numbers: Iterator[int],
        rng: Random,
    ) -> None:
        """`numbers` of documents, each used once."""
        self._people = people
        self._months = months
        self._staff = staff
        self._numbers = numbers
        self._rng = rng
        self._office = Office(work_calendar(), window_rules())
        since = min(people.first_years)
        self.quarters: Sequence[Quarter] = [
            quarter
            for quarter in self._office.quarters(months)
            if (quarter.recheck[0] - timedelta(APPLIED)).year >= since
        ]

    def keep(self, year: Year, stays: Sequence[FarStay], persons: Sequence[int]) -> None:
        """Store them; `persons` are primary keys by the residents' places."""
        staff, rng = self._staff, self._rng
        hospital = Institution.objects.get(code=_HOSPITAL)
        first, last = self._months[0].first, self._months[-1].last
        certificates = Certificates(
            staff,
            persons,
            self._people,
            first=first,
            office=self._office,
            numbers=self._numbers,
            rng=rng,
        )
        certificates.keep(
            year.recognised,
            self.quarters,
            self._without_certificate(year),
            Applications(staff, hospital, self._office, rng),
        )
        rule = filing_rule_on(first)
        if rule is not None:
            months_of = {kind: rule.months_of(kind) for kind in FilingKind.values}
            plan = Plan(self._office, months_of, last=last, rng=rng)
            store_filings(
                plan.behind(stays, self._never_in_hospital(year)),
                persons=persons,
                clerks=(staff["clerk1"], staff["clerk2"]),
                numbers=self._numbers,
            )

    def _without_certificate(self, year: Year) -> Iterator[int]:
        """Older residents, enrolled all the time, without a recognised disease."""
        people, day = self._people, self._months[0].first
        always = (min(people.first_years), max(people.last_years))
        for nth in self._mixed():
            enrolled = (people.first_years[nth], people.last_years[nth])
            old = people.age_on(nth, day) >= _APPLICANTS_FROM
            if old and enrolled == always and nth not in year.recognised:
                yield nth

    def _never_in_hospital(self, year: Year) -> Iterator[int]:
        for nth in self._mixed():
            age = self._people.age_on(nth, self._months[0].first)
            if age in _GROWN_UP and nth not in year.stays:
                yield nth

    def _mixed(self) -> Sequence[int]:
        places = range(len(self._people))
        return self._rng.sample(places, len(places))
