"""Where somebody is treated and what it costs."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

from claims.intake.rules import STAYS
from config.demo.county.sources import Diagnosis, InstitutionRow
from config.demo.year.sources import MATERNITY, TWO_DISEASES, year_facts

T = TypeVar("T")

_COUNTY = "433127"
# Inpatient cost at a level, in per cent of the county hospital's.
_COST = {"township": 48, "county": 100, "city": 185, "province": 310}
# How a single bill lies around the usual one, in per cent: most below, few far above.
_SPREAD = (46, 55, 63, 70, 76, 82, 88, 94, 100, 106, 113, 121, 130, 142, 158, 180, 215, 270, 380)
_SPREAD_INPATIENT = (
    *(30, 38, 45, 52, 58, 64, 70, 76, 82, 88, 95, 103, 112, 124, 140, 165, 220, 340, 760),
)
# Special outpatients go to these; visits to village clinic or township hospital.
_SPECIAL = {"county": 60, "pharmacy": 25, "township": 15}
_VISITS = {"village": 58, "township": 42}
# Medicines for the two diseases; births, four of five at the county's level in its 妇幼保健院.
_MEDICINES = {"township": 58, "village": 30, "county": 12}
_BIRTHS = {"county": 86, "township": 14}
_AMONG_HOSPITALS = 4  # how often the 妇幼保健院 is chosen for a birth, where another is once
_IN_COUNTY_ON_PAPER = 120  # one bill in so many: the line was down, a newborn had no number yet


class Lot(Generic[T]):
    """Draws one of its keys, each as often as its weight says."""

    def __init__(self, weighted: Mapping[T, int]) -> None:
        self._keys = list(weighted)
        self._sums = list(accumulate(weighted.values()))

    def draw(self, rng: Random) -> T:
        """One key."""
        return self._keys[bisect_right(self._sums, rng.randrange(self._sums[-1]))]


class Deck(Generic[T]):
    """Deals its cards in mixed order, all of them before it begins again.

    Shares hold in a small county as well as in a large one, where drawing would do.
    """

    def __init__(self, cards: Iterable[T]) -> None:
        self._cards = list(cards)
        self._left: list[T] = []

    @classmethod
    def of(cls, shares: Mapping[T, int]) -> "Deck[T]":
        """As many cards of each as its share says."""
        return cls(key for key, share in shares.items() for _nth in range(share))

    def deal(self, rng: Random) -> T:
        """The next card."""
        if not self._left:
            self._left = self._cards.copy()
            rng.shuffle(self._left)
        return self._left.pop()


class Costs(NamedTuple):
    """A bill's amounts in fen."""

    total: int
    excluded: int
    over_limit: int
    first_self_pay: int


class Treatment(NamedTuple):
    """Place of care, how the bill comes in, and its amounts."""

    institution: str
    source: str
    filing: str
    costs: Costs


class Bills:
    """Finds a place for each illness, near where the resident lives, and draws its cost."""

    def __init__(self, rows: Sequence[InstitutionRow], divisions: Sequence[str]) -> None:
        """`divisions` are the townships by the index that residents carry."""
        serving = [row for row in rows if row.agreement != "expired"]
        self._by_level = {
            level: [row for row in serving if row.kind == "hospital" and row.level == level]
            for level in _COST
        }
        designated = [row for row in serving if row.agreement == "current"]
        self._pharmacies = [row for row in designated if row.kind == "pharmacy"]
        self._county = [row for row in designated if row in self._by_level["county"]]
        self._township = self._near(self._by_level["township"], divisions)
        clinics = [row for row in designated if row.kind == "village_clinic"]
        self._village = self._near(clinics, divisions)
        facts = year_facts()
        self._facts = facts
        self._levels = [(below, Deck.of(shares)) for below, shares in facts.levels]
        self._filings = Deck.of(facts.filings)
        self._by_kind = {
            "special_outpatient": Deck.of(_SPECIAL),
            "general_outpatient": Deck.of(_VISITS),
            TWO_DISEASES: Deck.of(_MEDICINES),
            MATERNITY: Deck.of(_BIRTHS),
        }
        self._birthplaces = [
            row
            for row in self._county
            for _nth in range(_AMONG_HOSPITALS if _is_for_mothers(row) else 1)
        ]
        self._filed: dict[tuple[int, str], str] = {}
        self._lives_in: dict[int, str] = {}
        self._spreads: dict[tuple[str, str], Deck[int]] = {}
        self._takes = lru_cache(None)(takes)

    def treat(
        self,
        diagnosis: Diagnosis,
        *,
        nth: int,
        township: int,
        man: bool,
        age: int,
        days: int,
        rng: Random,
    ) -> Treatment:
        """Place and bill of one illness of the resident `nth`; `days` is the length of a stay."""
        place = self._place(diagnosis, township, man, age, rng)
        far = not place.division.startswith(_COUNTY)
        if far:
            paper = place.agreement != "current" or rng.randrange(100) < self._facts.on_paper
        else:
            paper = rng.randrange(_IN_COUNTY_ON_PAPER) == 0
        return Treatment(
            institution=place.code,
            source="window" if paper else "upload",
            filing=self._filing(nth, area_of(place), rng) if far else "none",
            costs=self._costs(diagnosis, place.level, days, rng),
        )

    def _filing(self, nth: int, area: str, rng: Random) -> str:
        """The same for all stays of a resident in one area; nobody lives in two."""
        if (nth, area) not in self._filed:
            filing = self._filings.deal(rng)
            if filing == "filed" and self._lives_in.setdefault(nth, area) != area:
                filing = "referred"
            self._filed[nth, area] = filing
        return self._filed[nth, area]

    def _place(
        self, diagnosis: Diagnosis, township: int, man: bool, age: int, rng: Random
    ) -> InstitutionRow:
        if diagnosis.kind == "inpatient":
            deck = next(deck for below, deck in self._levels if diagnosis.median < below)
            level = deck.deal(rng)
        else:
            level = self._by_kind[diagnosis.kind].deal(rng)
        if level == "township":
            return rng.choice(self._township[township])
        if level == "village":
            return rng.choice(self._village[township])
        if level == "pharmacy":
            return rng.choice(self._pharmacies)
        if diagnosis.kind == MATERNITY:
            return rng.choice(self._birthplaces)
        places = self._county if level == "county" else self._by_level[level]
        while True:
            place = rng.choice(places)
            if self._takes(place, man, age):
                return place

    def _costs(self, diagnosis: Diagnosis, level: str, days: int, rng: Random) -> Costs:
        fen = diagnosis.median * self._facts.costs[diagnosis.kind]
        if diagnosis.kind in STAYS:
            usual = diagnosis.days
            fen = fen * _COST[level] * (2 * usual + 3 * days) // (500 * usual)
        if diagnosis.kind == "inpatient":
            band = next(f"{below}" for below, _deck in self._levels if diagnosis.median < below)
            spread = self._spread(level, band, _SPREAD_INPATIENT, rng)
        else:
            spread = self._spread("", diagnosis.code, _SPREAD, rng)
        total = fen * spread // 1000 + rng.randrange(100)
        return Costs(
            total,
            total * rng.randint(30, 140) // 1000,
            total * rng.randint(0, 30) // 1000,
            total * rng.randint(20, 90) // 1000,
        )

    def _spread(self, level: str, costs_like: str, cards: Sequence[int], rng: Random) -> int:
        deck = self._spreads.setdefault((level, costs_like), Deck(cards))
        return deck.deal(rng)

    @staticmethod
    def _near(
        rows: Sequence[InstitutionRow], divisions: Sequence[str]
    ) -> list[Sequence[InstitutionRow]]:
        """Those of each township; all of them where a township has none."""
        return [[row for row in rows if row.division == code] or rows for code in divisions]


def takes(place: InstitutionRow, man: bool, age: int) -> bool:
    """Whether a maternity and child hospital would take the patient; the others take all."""
    return not _is_for_mothers(place) or age < 15 or (not man and age < 50)


def area_of(place: InstitutionRow) -> str:
    """The four digits of a prefecture, as the institution's code has them."""
    return place.code[1:5]


def _is_for_mothers(place: InstitutionRow) -> bool:
    return "妇幼" in place.name
