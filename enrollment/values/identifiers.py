"""Resident identity numbers (GB 11643) and how they are shown.

The check digit and the birth date decide; a county code that is not in today's list is no
error, because people keep the number of a county that has since been renamed.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from enrollment.values.written import half_width

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DOUBLE_SURNAMES = frozenset(
    {"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙"}
    | {"司徒", "司空", "夏侯", "端木", "南宫"}
)
_INSTITUTION_CODE = re.compile(r"[HP][0-9]{11}")


def is_institution_code(text: str) -> bool:
    """Whether it has the form of a national code (定点医药机构编码).

    H for a medical institution or P for a pharmacy, the county's six digits, a serial number of
    five.

    >>> is_institution_code("H43312700001"), is_institution_code("H4331")
    (True, False)
    """
    return _INSTITUTION_CODE.fullmatch(text) is not None


class IdFault(StrEnum):
    """Why an identity number is refused."""

    LENGTH = "length"
    LEGACY = "legacy"
    CHARACTERS = "characters"
    FLOAT = "float"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"


class IdError(ValueError):
    """An identity number that cannot be right; `fault` says why."""

    def __init__(self, fault: IdFault) -> None:
        """Keep the fault."""
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class ResidentId:
    """A valid 18-character resident identity number."""

    number: str

    @property
    def born_on(self) -> date:
        """The birth date that the number carries."""
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def is_male(self) -> bool:
        """Whether the sequence digit is odd."""
        return int(self.number[16]) % 2 == 1

    @property
    def last4(self) -> str:
        """The last four characters, which clerks search by."""
        return self.number[-4:]


def parse_resident_id(text: str) -> ResidentId:
    """Check and normalise an identity number (spaces dropped, full width and `x` to plain `X`).

    Raises IdError: 15-digit legacy numbers, wrong length or characters, a number that a
    spreadsheet has turned into a rounded float (`4.33127E+17`), an impossible birth date, a
    wrong check digit.
    """
    number = "".join(half_width(text).split()).upper()
    if "E+" in number or number.endswith(".0"):
        raise IdError(IdFault.FLOAT)
    if len(number) == 15 and number.isdigit():
        raise IdError(IdFault.LEGACY)
    if len(number) != 18:
        raise IdError(IdFault.LENGTH)
    body = number[:17]
    if not (body.isascii() and body.isdigit() and number[17] in "0123456789X"):
        raise IdError(IdFault.CHARACTERS)
    resident = ResidentId(number)
    try:
        born_on = resident.born_on
    except ValueError as error:
        raise IdError(IdFault.BIRTH_DATE) from error
    if born_on.year < 1880:
        raise IdError(IdFault.BIRTH_DATE)
    if check_digit(body) != number[17]:
        raise IdError(IdFault.CHECK_DIGIT)
    return resident


def check_digit(body: str) -> str:
    """The eighteenth character for seventeen digits.

    >>> check_digit("11010519491231002")
    'X'
    """
    return _CHECK[sum(w * int(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 11]


def mask_id(number: str) -> str:
    """First six and last four characters: `433127********1234`."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "****"


def mask_name(name: str) -> str:
    """The family name only: `张*`, `欧阳*`.

    >>> mask_name("欧阳明"), mask_name("张大山"), mask_name("")
    ('欧阳*', '张**', '')
    """
    kept = 2 if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else 1
    return name[:kept] + "*" * (len(name) - kept)


def mask_phone(number: str) -> str:
    """First three and last four: `138****1234`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def mask_account(number: str) -> str:
    """The last four only: `**** 1234`."""
    return f"**** {number[-4:]}" if number else ""


def normalise_account(text: str) -> str:
    """A bank account without the spaces and hyphens that people write; empty if it is none.

    >>> normalise_account("6222 0260-1234 5678")
    '6222026012345678'
    """
    number = "".join(half_width(text).split()).replace("-", "")
    plain = number.isascii() and number.isdigit() and 8 <= len(number) <= 32
    return number if plain else ""
