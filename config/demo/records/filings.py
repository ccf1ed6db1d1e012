"""Which filings lie behind the year's stays outside the county. Touches no database.

A resident who lives in an area has filed that once, before the first stay there. A stay that
was referred has its referral or emergency on record, unless an earlier one still covers it or
the paper came to the window with the claim. Some who live elsewhere were not ill, some came
home and withdrew their filing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from claims.outofarea.models import FilingKind
from config.demo.records.office import Office
from config.demo.year.bills import Deck
from config.demo.year.illness import Bill
from enrollment.values.periods import last_day_of_months

# Where the hospitals outside the county are, by the digits of their code.
PLACES = {
    "4331": "湘西土家族苗族自治州",
    "4301": "湖南省长沙市",
    "4308": "湖南省张家界市",
    "4201": "湖北省武汉市",
    "4401": "广东省广州市",
}
_LIVED_THERE = (8, 800)  # days before the first stay
# Of referred stays brought on paper, those whose letter came with the claim; of those on
# record, emergencies.
_PAPER_AT_WINDOW = {True: 2, False: 3}
_EMERGENCY = {True: 1, False: 2}
_CAME_HOME_ONE_IN = 9
_NOT_ILL_ONE_IN = 4


class FarStay(NamedTuple):
    """One stay outside the county; `filing` is the claim's, days are ordinals."""

    nth: int
    institution: str
    filing: str
    on_paper: bool
    admitted: int
    discharged: int

    @property
    def area(self) -> str:
        """The prefecture, as the institution's code has it."""
        return self.institution[1:5]


@dataclass(frozen=True)
class Planned:
    """A filing to be stored, of the resident `nth`; `ends_on` is inclusive.

    `institution` is a code and empty for long-term residence, which holds in `area`.
    `withdrawn_from` is the first day without it.
    """

    nth: int
    kind: FilingKind
    area: str
    starts_on: date
    ends_on: date | None
    filed_on: date
    institution: str = ""
    withdrawn_from: date | None = None

    def covers(self, stay: FarStay) -> bool:
        """Whether the stay's last day and hospital are within it."""
        day = date.fromordinal(stay.discharged)
        return (
            self.institution in ("", stay.institution)
            and self.area == stay.area
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
            and (self.withdrawn_from is None or day < self.withdrawn_from)
        )


class Watched:
    """Passes bills on and keeps those of stays outside the county."""

    def __init__(self) -> None:
        self.stays: list[FarStay] = []

    def passing(self, bills: Iterable[Bill]) -> Iterator[Bill]:
        """The same bills."""
        for bill in bills:
            how = bill.treatment
            if how.filing != "none":
                paper = how.source == "window"
                days = (bill.admitted, bill.discharged)
                self.stays.append(FarStay(bill.nth, how.institution, how.filing, paper, *days))
            yield bill


class Plan:
    """Plans the filings of a year that ends on `last`."""

    def __init__(
        self, office: Office, months_of: Mapping[str, int | None], *, last: date, rng: Random
    ) -> None:
        """`months_of` a kind: how long it holds, None for no end."""
        self._office = office
        self._months_of = months_of
        self._last = last
        self._rng = rng
        self._by_paper, self._urgent = Deck.of(_PAPER_AT_WINDOW), Deck.of(_EMERGENCY)
        self._homes = 0

    def behind(self, stays: Iterable[FarStay], others: Iterator[int]) -> list[Planned]:
        """All filings in the order in which they were made; `others` were not ill elsewhere."""
        at_home: dict[int, list[FarStay]] = {}
        referred: dict[tuple[int, str], list[FarStay]] = {}
        for stay in sorted(stays, key=lambda stay: (stay.discharged, stay.nth)):
            if stay.filing == "filed":
                at_home.setdefault(stay.nth, []).append(stay)
            elif stay.filing == "referred":
                referred.setdefault((stay.nth, stay.institution), []).append(stay)
        found = [self._lives_there(of_one) for of_one in at_home.values()]
        areas = [one.area for one in found]
        found += [
            self._not_ill(next(others), self._rng.choice(areas))
            for _nth in range(len(areas) // _NOT_ILL_ONE_IN)
        ]
        for of_one in referred.values():
            found += self._referrals(of_one)
        return sorted(found, key=lambda one: (one.filed_on, one.nth))

    def _lives_there(self, stays: Sequence[FarStay]) -> Planned:
        first = date.fromordinal(min(stay.admitted for stay in stays))
        home = date.fromordinal(stays[-1].discharged) + timedelta(self._rng.randint(10, 60))
        return self._long_term(stays[0].nth, stays[0].area, first, home)

    def _not_ill(self, nth: int, area: str) -> Planned:
        somewhen = self._last - timedelta(self._rng.randrange(20, 300))
        return self._long_term(nth, area, somewhen, somewhen + timedelta(90))

    def _long_term(self, nth: int, area: str, by: date, home: date) -> Planned:
        """It began some time before `by`; who came home did so by `home`."""
        starts_on = by - timedelta(self._rng.randint(*_LIVED_THERE))
        self._homes += home <= self._last
        came_home = home <= self._last and self._homes % _CAME_HOME_ONE_IN == 1
        return Planned(
            nth,
            FilingKind.LONG_TERM,
            area,
            starts_on,
            self._ends(FilingKind.LONG_TERM, starts_on),
            self._office.on_or_before(starts_on),
            withdrawn_from=self._office.on_or_after(home) if came_home else None,
        )

    def _referrals(self, stays: Sequence[FarStay]) -> list[Planned]:
        """Of the stays of one resident in one hospital."""
        found: list[Planned] = []
        for stay in stays:
            if any(one.covers(stay) for one in found):
                continue
            if stay.on_paper and self._by_paper.deal(self._rng):
                continue
            emergency = self._emergency(stay)
            urgent = self._urgent.deal(self._rng) and emergency.covers(stay)
            found.append(emergency if urgent else self._referral(stay))
        return found

    def _emergency(self, stay: FarStay) -> Planned:
        day = date.fromordinal(stay.admitted)
        filed_on = self._office.on_or_after(day + timedelta(self._rng.randint(1, 2)))
        ends_on = self._ends(FilingKind.EMERGENCY, day)
        kind = FilingKind.EMERGENCY
        return Planned(stay.nth, kind, stay.area, day, ends_on, filed_on, stay.institution)

    def _referral(self, stay: FarStay) -> Planned:
        """It begins on the day of its letter, some days before the admission."""
        earlier = date.fromordinal(stay.admitted) - timedelta(self._rng.randint(0, 4))
        day = self._office.on_or_before(earlier)
        ends_on = self._ends(FilingKind.REFERRAL, day)
        return Planned(
            stay.nth, FilingKind.REFERRAL, stay.area, day, ends_on, day, stay.institution
        )

    def _ends(self, kind: FilingKind, starts_on: date) -> date | None:
        months = self._months_of[kind]
        return last_day_of_months(starts_on, months) if months else None
