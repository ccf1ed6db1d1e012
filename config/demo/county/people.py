"""Invented residents: households of plausible make-up, the same for the same seed and day.

Nothing here is drawn from a real roll. Phones begin with 154 and cards with 620000, which
nobody issues; identity numbers are valid in form only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TypeVar

from stdnum import luhn

from config.demo.county.sources import county, names
from enrollment.values.identifiers import check_digit

# Kinds of household in per cent.
_HOUSEHOLDS = {"family": 34, "three_generations": 30, "old_couple": 16, "alone": 12, "couple": 8}
# One household in so many is considered for assistance, and with which identity.
_ASSISTED_ONE_IN = 7
_HOUSEHOLD_IDENTITIES = {"low_income": 57, "at_risk": 30, "registered_poor": 17}
_LAST = 100  # of the residents, who bring the special groups to their exact number
_WITHOUT_ACCOUNT = 5  # per cent of adults
_NEW_THIS_YEAR = 2  # per cent of households that enrolled this year for the first time
_LAPSED = 2  # per cent of households that did not pay for this year
_ADULT = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Resident:
    """One invented resident.

    `category` is the assistance identity or empty; `years` are the benefit years that the
    resident is enrolled for.
    """

    id_number: str
    name: str
    sex: str
    born_on: date
    division: str
    household_no: str
    category: str
    phone: str
    account_no: str
    account_name: str
    years: tuple[int, ...]

    def age_on(self, day: date) -> int:
        """Completed years of age."""
        return day.year - self.born_on.year - (day.timetuple()[1:3] < self.born_on.timetuple()[1:3])


def draw_residents(count: int, *, special: int, on: date, rng: Random) -> Iterator[Resident]:
    """Residents by household until `count` are enrolled for the year of `on`.

    `special` of them are in a special group (特殊人群: an assistance identity). Almost all are
    enrolled for the year before as well; the few that did not pay again come on top.
    """
    maker = _Maker(count, special, on, rng)
    while maker.enrolled < count:
        for resident in maker.household():
            if resident.years:  # born after the household had left the roll
                yield resident


class _Maker:
    """Draws one household after another; no identity number or card twice."""

    def __init__(self, count: int, special: int, on: date, rng: Random) -> None:
        self.count = count
        self.special = special
        self.on = on
        self.rng = rng
        self.enrolled = 0
        self.assisted = 0
        self.numbers: set[tuple[int, int]] = set()
        self.households = 0
        self.cards = 0
        self.phones = 0

    def household(self) -> list[Resident]:
        """One household, its head first."""
        self.households += 1
        rng = self.rng
        division = pick(rng, county().townships)
        number = f"{division[:9]}{self.households:06d}"
        assistance = self._assistance()
        years = self._years()
        surname = pick(rng, names().surnames)
        members: list[Resident] = []
        for sex, age, own_name in islice(self._members(), self.count - self.enrolled):
            born_on = self._birthday(age)
            name = own_name or surname
            adult = age >= _ADULT
            has_card = adult and rng.randrange(100) >= _WITHOUT_ACCOUNT
            full_name = name + self._given(sex, born_on.year)
            holder = next((m for m in members if m.account_no), None)
            card, card_name = (self._card(), full_name) if has_card else ("", "")
            if not adult and holder is not None:  # a child's money goes to a parent
                card, card_name = holder.account_no, holder.account_name
            category = assistance or self._own_category(age)
            if self.on.year in years:
                self.enrolled += 1
                self.assisted += bool(category)
            members.append(
                Resident(
                    id_number=self._id_number(born_on, sex),
                    name=full_name,
                    sex=sex,
                    born_on=born_on,
                    division=division,
                    household_no=number,
                    category=category,
                    phone=self._phone() if adult and rng.randrange(100) < 85 else "",
                    account_no=card,
                    account_name=card_name,
                    years=tuple(year for year in years if year >= born_on.year),
                )
            )
        return members

    def _years(self) -> tuple[int, ...]:
        this = self.on.year
        lot = self.rng.randrange(100)
        if self.count - self.enrolled <= _LAST:
            return (this - 1, this)
        if lot < _NEW_THIS_YEAR:
            return (this,)
        if lot < _NEW_THIS_YEAR + _LAPSED:
            return (this - 1,)
        return (this - 1, this)

    def _assistance(self) -> str:
        """The identity of a whole household, so that the special groups stay near their share."""
        left = self.count - self.enrolled
        ahead = self.assisted * self.count - self.special * self.enrolled
        if left <= _LAST or ahead > 0:
            return ""
        if ahead < -8 * self.count or self.rng.randrange(_ASSISTED_ONE_IN) == 0:
            return pick(self.rng, _HOUSEHOLD_IDENTITIES)
        return ""

    def _members(self) -> Iterator[tuple[str, int, str]]:
        """(sex, age, own surname or empty) of each member, the head first."""
        rng = self.rng
        kind = pick(rng, _HOUSEHOLDS)
        if kind == "alone":
            yield self._sex(), rng.randint(52, 91), ""
            return
        if kind == "old_couple":
            age = rng.randint(60, 86)
            yield from self._couple(age)
            return
        age = rng.randint(24, 56) if kind == "couple" else rng.randint(25, 49)
        yield from self._couple(age)
        if kind == "couple":
            return
        for nth in range(pick(rng, {1: 34, 2: 50, 3: 16})):
            child = age - rng.randint(22, 30) - 3 * nth
            if child >= 0:
                yield self._sex(), child, ""
        if kind == "three_generations":
            elder = age + rng.randint(21, 30)
            if rng.randrange(100) < 55:
                yield "male", elder, ""
            yield "female", max(elder - rng.randint(0, 5), age + 18), self._surname()

    def _couple(self, age: int) -> Iterator[tuple[str, int, str]]:
        yield "male", age, ""
        yield "female", max(20, age - self.rng.randint(-1, 5)), self._surname()

    def _sex(self) -> str:
        return self.rng.choice(("male", "female"))

    def _surname(self) -> str:
        return pick(self.rng, names().surnames)

    def _given(self, sex: str, year: int) -> str:
        choices = next(given[sex] for until, given in names().given if year <= until)
        return self.rng.choice(choices)

    def _birthday(self, age: int) -> date:
        """A day that makes the age on `on` right; a newborn is a week old at least."""
        year, month, day = self.on.timetuple()[:3]
        latest = date(year - age, month, min(day, 28))
        return latest - timedelta(days=self.rng.randrange(8, 360))

    def _own_category(self, age: int) -> str:
        if self.count - self.enrolled <= _LAST:
            return "medical_aid" if self.assisted < self.special else ""
        lot = self.rng.randrange(1000)
        if age >= 60 and lot < 60:
            return "extremely_poor" if lot < 36 else "five_guarantee"
        if age >= 50 and lot < 85:
            return "preferential"
        return "medical_aid" if lot < 12 else ""

    def _id_number(self, born_on: date, sex: str) -> str:
        while True:
            serial = self.rng.randrange(600, 1000) // 2 * 2 + (sex == "male")
            key = (born_on.toordinal(), serial)
            if key not in self.numbers:
                self.numbers.add(key)
                body = f"433127{born_on:%Y%m%d}{serial:03d}"
                return body + check_digit(body)

    def _phone(self) -> str:
        self.phones += 1
        return f"154{self.phones * 61_195_373 % 10**8:08d}"  # in mixed order, none twice

    def _card(self) -> str:
        self.cards += 1
        body = f"620000{self.rng.randrange(10**6):06d}{self.cards:06d}"
        return body + luhn.calc_check_digit(body)


def pick(rng: Random, weighted: Mapping[T, int]) -> T:
    """One of the keys, each as often as its weight says."""
    return rng.choices(list(weighted), weights=list(weighted.values()))[0]
