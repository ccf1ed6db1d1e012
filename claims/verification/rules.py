"""Which enquiry a claim needs, and whether it has it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PHONE, LETTER = "phone", "letter"
CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Thresholds:
    """From which total an enquiry is needed, in yuan, inclusive; None: never."""

    phone: Decimal | None = None
    letter: Decimal | None = None


FEWEST_DIGITS, MOST_DIGITS = 7, 12
LONGEST_EXTENSION = 6
_EXTENSION = re.compile(r"转|分机|ext\.?|x|#")


def is_phone(text: str) -> bool:
    """Whether it is a landline with area code or a mobile, with or without an extension.

    >>> [is_phone(one) for one in ("0744-8000000", "0744-8000000转801", "138 0000 0001", "0")]
    [True, True, True, False]
    """
    plain = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text).lower())
    number, *extension = _EXTENSION.split(plain.removeprefix("+86"), maxsplit=1)
    parts = number.strip("-").split("-")
    if len(parts) > 1 and not extension and len("".join(parts)) > MOST_DIGITS:
        *parts, last = parts
        extension = [last]
    digits = "".join(parts)
    return (
        all(one.isascii() and one.isdigit() for one in (digits, *extension))
        and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
        and len(set(digits)) > 1
        and all(len(one) <= LONGEST_EXTENSION for one in extension)
    )


@dataclass(frozen=True)
class Answer:
    """A hospital's answer about the facts as they stand."""

    method: str
    result: str


def needed_method(total: Decimal, thresholds: Thresholds) -> str:
    """`letter`, `phone` or nothing for a claim of a hospital without agreement.

    >>> limits = Thresholds(Decimal(10000), Decimal(50000))
    >>> [needed_method(Decimal(x), limits) for x in ("9999.99", "10000", "50000")]
    ['', 'phone', 'letter']
    """
    if thresholds.letter is not None and total >= thresholds.letter:
        return LETTER
    if thresholds.phone is not None and total >= thresholds.phone:
        return PHONE
    return ""


def standing(needed: str, answers: Iterable[Answer]) -> str:
    """`` when nothing is (still) needed, `refuted` when the last answer says no, else `needed`.

    A letter stands for a phone call too, not the other way about. `answers` are oldest first.
    """
    if not needed:
        return ""
    enough = (LETTER,) if needed == LETTER else (PHONE, LETTER)
    last = None
    for answer in answers:
        if answer.result != CONFIRMED or answer.method in enough:
            last = answer
    if last is None:
        return needed
    return "" if last.result == CONFIRMED else "refuted"
