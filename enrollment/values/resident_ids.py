"""Reading hundreds of thousands of identity numbers.

The same rules as `parse_resident_id`, which decides about every number that the short way
below does not recognise as right; the short way adds up weights that are remembered per
area, birth date and serial instead of digit by digit.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from enrollment.values.identifiers import _CHECK, _WEIGHTS, parse_resident_id


class ReadId(NamedTuple):
    """A valid number, the birth date it carries (ISO) and the sex."""

    number: str
    born_on: str
    is_male: bool


def read_resident_id(text: str) -> ReadId:
    """Check and normalise an identity number; raises IdError as `parse_resident_id` does.

    >>> read_resident_id("11010519491231002x")
    ReadId(number='11010519491231002X', born_on='1949-12-31', is_male=False)
    """
    if len(text) == 18 and text.isascii():
        try:
            born_on, weight = _birth(text[6:14])
            serial, is_male = _serial(text[14:17])
            if _CHECK[(_area(text[:6]) + weight + serial) % 11] == text[17]:
                return ReadId(text, born_on, is_male)
        except ValueError:
            pass
    resident = parse_resident_id(text)
    return ReadId(resident.number, resident.born_on.isoformat(), resident.is_male)


@lru_cache(maxsize=8192)
def _area(digits: str) -> int:
    return _weigh(digits, 0)


@lru_cache(maxsize=65536)
def _birth(digits: str) -> tuple[str, int]:
    weight = _weigh(digits, 6)
    day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if day.year < 1880:
        raise ValueError("before 1880")
    return day.isoformat(), weight


@lru_cache(maxsize=1024)
def _serial(digits: str) -> tuple[int, bool]:
    return _weigh(digits, 14), int(digits[2]) % 2 == 1


def _weigh(digits: str, first: int) -> int:
    if not digits.isdigit():
        raise ValueError("not digits")
    return sum(_WEIGHTS[first + place] * int(digit) for place, digit in enumerate(digits))
