"""Which enquiry a claim needs, and whether it has it."""

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
