"""Instalments: cutting a sum into monthly parts, and what is owed of each; pure, in whole fen."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Due:
    """One instalment: its day, its amount and what is still owed of it, in fen."""

    due_on: date
    amount: int
    owed: int


def monthly_parts(total: int, count: int, first_due: date) -> list[tuple[date, int]]:
    """`total` fen in `count` monthly parts, as equal as whole fen allow, the larger ones first.

    A day that a month does not have becomes the month's last. Raises ValueError for fewer than
    one part or more parts than fen.

    >>> [(str(day), fen) for day, fen in monthly_parts(10_000, 3, date(2026, 12, 31))]
    [('2026-12-31', 3334), ('2027-01-31', 3333), ('2027-02-28', 3333)]
    """
    if not 1 <= count <= total:
        raise ValueError(f"{total} fen cannot be cut into {count} parts")
    whole, rest = divmod(total, count)
    days = _monthly(first_due, count)
    return [(day, whole + int(place < rest)) for place, day in enumerate(days)]


def _monthly(first: date, count: int) -> Iterator[date]:
    for place in range(count):
        years, month = divmod(first.year * 12 + first.month - 1 + place, 12)
        last = monthrange(years, month + 1)[1]
        yield date(years, month + 1, min(first.day, last))


def owed_by_part(parts: Sequence[tuple[date, int]], still_open: int) -> list[Due]:
    """What is owed of each part when `still_open` fen are: what came in filled the earliest.

    >>> parts = [(date(2026, 12, 1), 500), (date(2027, 1, 1), 500)]
    >>> [due.owed for due in owed_by_part(parts, 700)]
    [200, 500]
    """
    left = still_open
    dues = []
    for day, amount in sorted(parts, reverse=True):
        owed = min(amount, left)
        left -= owed
        dues.append(Due(day, amount, owed))
    return dues[::-1]
