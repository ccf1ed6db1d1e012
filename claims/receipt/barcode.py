"""A number as bars (Code 128)."""

from dataclasses import dataclass
from itertools import groupby

from barcode.codex import Code128

QUIET = 10  # modules of white on each side, which scanners need


@dataclass(frozen=True)
class Barcode:
    """Black bars as (left, width) in modules, and the width of the whole."""

    bars: tuple[tuple[int, int], ...]
    width: int


def code128(text: str) -> Barcode:
    """The bars of a text of ASCII letters and digits.

    >>> code128("20261124000123").width
    132
    """
    (modules,) = Code128(text).build()
    bars, at = [], QUIET
    for black, run in groupby(modules, lambda module: module == "1"):
        wide = len(list(run))
        if black:
            bars.append((at, wide))
        at += wide
    return Barcode(tuple(bars), at + QUIET)
