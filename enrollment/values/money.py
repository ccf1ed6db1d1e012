"""Money: Decimal yuan, exact to the fen.

Amounts are `Decimal` yuan with two places. Rounding is half up to the fen and happens in
`round_fen` alone. Inside a hot calculation integer fen may be used (`to_fen`, `from_fen`).
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from enrollment.values.written import half_width

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
# What people write around an amount.
_BEFORE = re.compile(r"(?:\u00a5|\uffe5|RMB|CNY|人民币)\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*[元圆]")


class AmountError(ValueError):
    """An amount is not a number of yuan with at most two decimals."""


def round_fen(amount: Decimal) -> Decimal:
    """Round half up to the fen.

    >>> round_fen(Decimal("2.345"))
    Decimal('2.35')
    >>> round_fen(Decimal("-2.345"))
    Decimal('-2.35')
    """
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def parse_amount(text: str) -> Decimal:
    """Read an amount of yuan as people write it: `1,234.5`, `¥300`, `10.99`, `300元`.

    Raises AmountError for anything else, for more than two decimals and for more than
    twelve digits before the point. Never rounds. A comma only separates thousands: `10,99`
    may be meant as ten yuan. Full-width characters count as their plain twins.

    >>> parse_amount("1,234.5"), parse_amount("¥-1，234，567")
    (Decimal('1234.50'), Decimal('-1234567.00'))
    >>> parse_amount("10,99")
    Traceback (most recent call last):
    enrollment.values.money.AmountError: 10,99
    """
    cleaned = half_width(text)
    if found := _BEFORE.match(cleaned):
        cleaned = cleaned[found.end() :]
    if found := _AFTER.search(cleaned):
        if found.end() < len(cleaned):
            raise AmountError(text)
        cleaned = cleaned[: found.start()]
    if "," in cleaned:
        if not _GROUPED.fullmatch(cleaned):
            raise AmountError(text)
        cleaned = cleaned.replace(",", "")
    digits = cleaned.removeprefix("-")
    whole, _, fraction = digits.partition(".")
    plain = whole.isascii() and whole.isdigit() and (not fraction or fraction.isdigit())
    if not plain or not fraction.isascii() or len(fraction) > 2 or len(whole) > 12:
        raise AmountError(text)
    return Decimal(cleaned).quantize(FEN)


def to_fen(amount: Decimal) -> int:
    """Yuan to integer fen; raises AmountError when the amount has parts of a fen.

    >>> to_fen(Decimal("10.99"))
    1099
    """
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise AmountError(str(amount))
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Integer fen to yuan with two decimals.

    >>> from_fen(1099)
    Decimal('10.99')
    """
    return Decimal(fen).scaleb(-2)


def allocate(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split `total` among weights by largest remainder; the parts sum to it exactly.

    Ties go to the earlier weight. Raises ValueError when no weight is positive or one is
    negative.

    >>> allocate(Decimal("0.10"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('0.04'), Decimal('0.03'), Decimal('0.03')]
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative and must not all be zero")
    sign = -1 if total < 0 else 1
    fen = to_fen(abs(total))
    exact = [fen * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda i: (-(exact[i] - parts[i]), i))
    for i in order[: fen - sum(parts)]:
        parts[i] += 1
    return [from_fen(sign * part) for part in parts]


def format_yuan(amount: Decimal) -> str:
    """For screens and papers: thousand separators, two decimals.

    >>> format_yuan(Decimal("1234567.5"))
    '1,234,567.50'
    """
    return f"{amount:,.2f}"
