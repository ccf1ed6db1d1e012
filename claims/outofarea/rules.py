"""What a filing makes of a stay outside the county. Imports no Django.

    long-term residence → `filed`: the full rate
    referral, emergency → `referred`: the scheme's reduction for referred stays
    none of them        → `unfiled`: the scheme's reduction for stays without a filing

By how much a scheme reduces is the policy's `filing_points`, not this room's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FILED, REFERRED, UNFILED, NONE = "filed", "referred", "unfiled", "none"
# The fact of each kind of filing, the best first.
FACT_OF = {"long_term": FILED, "referral": REFERRED, "emergency": REFERRED}


@dataclass(frozen=True)
class Filed:
    """One filing; all days inclusive, but `withdrawn_from` the first day without it."""

    key: int
    kind: str
    starts_on: date
    ends_on: date | None = None
    withdrawn_from: date | None = None
    area_code: str = ""
    institution_id: int | None = None

    def covers(self, day: date, institution_id: int, area: str) -> bool:
        """Whether a service of the day at the institution, whose area is `area`, is covered.

        >>> city = Filed(1, "long_term", date(2026, 1, 1), area_code="4301")
        >>> city.covers(date(2026, 5, 1), 9, "430102"), city.covers(date(2026, 5, 1), 9, "430201")
        (True, False)
        """
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return False
        if self.withdrawn_from is not None and day >= self.withdrawn_from:
            return False
        if self.institution_id is not None:
            return self.institution_id == institution_id
        return area.startswith(_significant(self.area_code))


@dataclass(frozen=True)
class Recorded:
    """What a stay is calculated with, and whether a filing on record says so."""

    fact: str
    is_on_record: bool


def best_filing(
    filings: Iterable[Filed], day: date, institution_id: int, area: str
) -> Filed | None:
    """The filing that gives the claim most: long-term residence, then referral, then emergency."""
    covering = [one for one in filings if one.covers(day, institution_id, area)]
    ranks = list(FACT_OF)
    return min(covering, key=lambda one: (ranks.index(one.kind), one.key), default=None)


def effective_filing(entered: str, found: Filed | None, *, is_checked: bool) -> str:
    """What the claim is calculated with: `filed`, `referred`, `unfiled` or `none`.

    `entered` is what stands on the claim. A filing on record decides; without one, a referral
    paper that was handed in at the window stands for itself. While claims do not follow the
    filings, what was entered holds.

    >>> long_term = Filed(1, "long_term", date(2026, 1, 1))
    >>> effective_filing("unfiled", long_term, is_checked=True)
    'filed'
    >>> [effective_filing("none", None, is_checked=checked) for checked in (True, False)]
    ['unfiled', 'none']
    """
    if not is_checked:
        return entered
    if found is not None:
        return FACT_OF[found.kind]
    return REFERRED if entered == REFERRED else UNFILED


def area_of(division_code: str, institution_code: str) -> str:
    """The area of an institution: of its division and its national code the narrower one.

    A hospital that is registered under its province lies in the city that its code names; where
    the two contradict each other, the division holds. Without trailing zeros, two digits each.

    >>> area_of("430000000000", "H43010000001"), area_of("430102000000", "H43010000001")
    ('4301', '430102')
    >>> area_of("433127000000", "H43010000001"), area_of("", "H43010000001"), area_of("", "X")
    ('433127', '4301', '')
    """
    division = _significant(division_code)
    digits = institution_code[1:7]
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return division
    named = _significant(digits)
    return named if named.startswith(division) else division


def lies_in(area_code: str, division_code: str) -> bool:
    """Whether the place of a filing lies within a division; False where either is unknown.

    >>> lies_in("433127", "433127000000"), lies_in("43", "433127000000"), lies_in("", "433127")
    (True, False, False)
    """
    division = _significant(division_code)
    return bool(division) and _significant(area_code).startswith(division)


def _significant(code: str) -> str:
    """A division code without the pairs of zeros at its end."""
    while code.endswith("00"):
        code = code[:-2]
    return code
