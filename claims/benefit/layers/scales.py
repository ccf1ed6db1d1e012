"""Progressive scales, and what an identity improves in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.benefit.parameters import (
    MILLION,
    SchemeError,
    amount,
    by_identity,
    fields,
    flag,
    points,
    rate,
)


@dataclass(frozen=True)
class Band:
    """A segment of a progressive scale; `upto` in fen (None: open), `rate` in millionths."""

    upto: int | None
    rate: int


def bands(value: Any, path: str) -> tuple[Band, ...]:
    """Ascending bands; only the last may be open (`upto` left out)."""
    if not isinstance(value, list) or not value:
        raise SchemeError(
            path,
            "此处应为分段列表 {upto, rate}",
            "a list of bands {upto, rate} is expected here",
        )
    read: list[Band] = []
    for index, item in enumerate(value):
        place = f"{path}[{index}]"
        got = fields(item, place, {"rate": rate}, {"upto": amount})
        if read and (read[-1].upto is None or got.get("upto", 10**18) <= read[-1].upto):
            raise SchemeError(
                place,
                "各段须由低到高，只有最后一段可以不写 'upto'",
                "bands must ascend, and only the last may lack 'upto'",
            )
        read.append(Band(got.get("upto"), got["rate"]))
    return tuple(read)


@dataclass(frozen=True)
class Favour:
    """What an identity improves in a critical-illness layer.

    The deductible times `deductible_factor` (millionths), `points` (millionths) on each
    band; `unlimited` opens the last band and lifts the year's ceiling.
    """

    deductible_factor: int = MILLION
    points: int = 0
    unlimited: bool = False

    def covers(self, other: "Favour") -> bool:
        """Whether this one is at least as good in every part."""
        return (
            self.deductible_factor <= other.deductible_factor
            and self.points >= other.points
            and self.unlimited >= other.unlimited
        )


def favour(value: Any, path: str) -> Favour:
    """One identity's favour."""
    return Favour(
        **fields(value, path, {}, {"deductible_factor": rate, "points": points, "unlimited": flag})
    )


def favours(value: Any, path: str) -> Mapping[str, Favour]:
    """Favours by identity; of two, one must be at least as good in every part.

    So "the best one, never a sum" always has an answer, whatever the claim.
    """
    read: dict[str, Favour] = dict(by_identity(favour)(value, path))
    for one, first in read.items():
        for two, second in read.items():
            if not (first.covers(second) or second.covers(first)):
                raise SchemeError(
                    path,
                    f"{one!r} 与 {two!r} 的优惠互有高低，无法取最优，请调整一致",
                    f"neither {one!r} nor {two!r} is the better favour: align the two",
                )
    return read
