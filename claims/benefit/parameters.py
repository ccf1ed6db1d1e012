"""Benefit parameters: dated rows, each with its source.

A value holds from the first day of its row until the day before the next row begins; a
row without a date holds from always. Nothing is ever looked up by year or "today". The
readers below turn the text of a YAML value into integers for the calculation: amounts
into fen, rates and points into millionths.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from claims.benefit.types import AGE_GROUPS, DELIVERIES, DISEASES, FILINGS, IDENTITIES, LEVELS

ALWAYS = date.min  # the effective date of a row without one
MILLION = 1_000_000
# A whole number of a policy is smaller than this.
LONGEST_WHOLE = 10**12
_SHOWN = 60  # signs of a wrong value that an error repeats
_DECIMAL = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?\Z")


def shown(value: object) -> str:
    """A wrong value for an error's text, cut where it is long.

    >>> shown("abc"), shown(0xF)
    ("'abc'", '15')
    """
    if isinstance(value, int) and abs(value) >= LONGEST_WHOLE:
        return "…"  # to write it out could take the interpreter longer than it allows
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class SchemeError(ValueError):
    """A scheme's file cannot be used; says which file, where in it, and what to do."""

    def __init__(self, path: str, zh: str, en: str, origin: str = "") -> None:
        """Keep the place (`layers[0].parameters.year_ceiling[0]`) and the remedy."""
        super().__init__(path, zh, en, origin)
        self.path = path
        self.zh = zh
        self.en = en
        self.origin = origin

    def say(self, lang: str = "zh") -> str:
        """File, place and remedy in `zh` or `en`."""
        parts = [self.origin, self.path, self.en if lang == "en" else self.zh]
        return (": " if lang == "en" else "：").join(part for part in parts if part)

    def __str__(self) -> str:
        """For logs and tests."""
        return self.say("en")


@dataclass(frozen=True)
class Text:
    """A text in both languages of the portal."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in `zh` or `en`."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Source:
    """The document and article a parameter comes from."""

    document: Text
    article: Text


@dataclass(frozen=True)
class Row:
    """One value from its first day on; `value` None ends what held before.

    `confirmed` tells whether the bureau has confirmed the value against the document.
    """

    value: Any
    source: Source
    starts_on: date = ALWAYS
    confirmed: bool = False


@dataclass(frozen=True)
class Series:
    """The rows of one parameter, by ascending first day."""

    rows: tuple[Row, ...]

    def on(self, day: date) -> Row | None:
        """The row in force on the day; None before the first one."""
        index = bisect_right(self.rows, day, key=lambda row: row.starts_on)
        return self.rows[index - 1] if index else None

    def keys(self) -> frozenset[str]:
        """Every key that a row's table ever names; empty when the values are no tables."""
        return frozenset().union(
            *(row.value for row in self.rows if isinstance(row.value, Mapping))
        )


Reader = Callable[[Any, str], Any]


def _scaled(value: Any, path: str, decimals: int, what: Text) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and abs(value) < LONGEST_WHOLE:
        value = str(value)
    match = _DECIMAL.match(value) if isinstance(value, str) else None
    if match is None or len(match[3] or "") > decimals:
        raise SchemeError(
            path,
            f"{shown(value)} 不是{what.zh}，请加引号写成小数，最多 {decimals} 位",
            f"{shown(value)} is not {what.en}: write it in quotes with at most {decimals} decimals",
        )
    number: int = int(match[2]) * 10**decimals + int((match[3] or "").ljust(decimals, "0"))
    return -number if match[1] else number


def amount(value: Any, path: str) -> int:
    """Yuan, not negative, to fen.

    >>> amount("11000.00", "deductible")
    1100000
    """
    fen = _scaled(value, path, 2, Text("金额（元）", "an amount of yuan"))
    if fen < 0:
        raise SchemeError(
            path,
            f"金额 {shown(value)} 为负数，标准须为 0 或正数",
            f"the amount {shown(value)} is negative: parameters are 0 or more",
        )
    return fen


def rate(value: Any, path: str) -> int:
    """A fraction 0…1 to millionths.

    >>> rate("0.75", "rate")
    750000
    """
    ppm = _scaled(value, path, 6, Text("比例", "a rate"))
    if not 0 <= ppm <= MILLION:
        raise SchemeError(
            path,
            f"比例 {shown(value)} 不在 0 至 1 之间，75% 请写成 '0.75'",
            f"the rate {shown(value)} is outside 0…1: write 75 % as '0.75'",
        )
    return ppm


def points(value: Any, path: str) -> int:
    """Percentage points added to a rate, −1…1, to millionths.

    >>> points("-0.10", "points")
    -100000
    """
    ppm = _scaled(value, path, 6, Text("百分点", "a number of points"))
    if not -MILLION <= ppm <= MILLION:
        raise SchemeError(
            path,
            f"{shown(value)} 不在 -1 至 1 之间，降低 10 个百分点请写成 '-0.10'",
            f"{shown(value)} is outside -1…1: write minus 10 points as '-0.10'",
        )
    return ppm


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    """A mapping with text keys."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise SchemeError(
            path, "此处应为“名称: 值”的映射", "a mapping of names to values is expected here"
        )
    return value


def fields(
    value: Any, path: str, required: Mapping[str, Reader], optional: Mapping[str, Reader]
) -> dict[str, Any]:
    """Read a mapping of fixed keys; missing and unknown ones are refused by name."""
    given = mapping(value, path)
    readers = {**required, **optional}
    for key in given:
        if key not in readers:
            known = ", ".join(readers)
            raise SchemeError(
                f"{path}.{key}", f"不认识的键，可用：{known}", f"unknown key; known: {known}"
            )
    for key in required:
        if key not in given:
            raise SchemeError(
                path, f"缺少键 {key!r}，请补上", f"the key {key!r} is missing: add it"
            )
    return {key: readers[key](given[key], f"{path}.{key}") for key in given}


def table(keys: tuple[str, ...], reader: Reader) -> Reader:
    """A reader of a mapping whose keys are codes of `keys`."""

    def read(value: Any, path: str) -> Mapping[str, Any]:
        given = mapping(value, path)
        for key in given:
            if key not in keys:
                known = ", ".join(keys)
                raise SchemeError(
                    f"{path}.{key}", f"不认识的代码，可用：{known}", f"unknown code; known: {known}"
                )
        return {key: reader(given[key], f"{path}.{key}") for key in given}

    return read


def by_level(reader: Reader) -> Reader:
    """Values by level of the institution."""
    return table(LEVELS, reader)


def by_identity(reader: Reader) -> Reader:
    """Values by assistance identity, or by a group of the layer's `age_groups`."""
    return table((*IDENTITIES, *AGE_GROUPS), reader)


def by_diseases(reader: Reader) -> Reader:
    """Values for each of the two diseases, and for both together."""
    return table((*DISEASES, "both"), reader)


def by_delivery(reader: Reader) -> Reader:
    """Values by how a child was born."""
    return table(DELIVERIES, reader)


@dataclass(frozen=True)
class Ages:
    """Completed years on the day of discharge: `start` inclusive, `under` exclusive."""

    start: int = 0
    under: int = 1000

    def holds(self, age: int) -> bool:
        """Whether the age belongs to the group."""
        return self.start <= age < self.under


def _years(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 150:
        raise SchemeError(
            path,
            f"{shown(value)} 不是年龄，请写成 0 至 150 的整数",
            f"{shown(value)} is not an age: write a whole number of years, 0 to 150",
        )
    return value


def _ages(value: Any, path: str) -> Ages:
    got = fields(value, path, {}, {"from": _years, "under": _years})
    ages = Ages(got.get("from", 0), got.get("under", 1000))
    if ages.start >= ages.under:
        raise SchemeError(path, "'from' 须小于 'under'", "'from' must be below 'under'")
    return ages


def age_groups(value: Any, path: str) -> Mapping[str, Ages]:
    """Which ages each group has (`child: {under: 18}`)."""
    return cast(Mapping[str, Ages], table(AGE_GROUPS, _ages)(value, path))


def by_filing(reader: Reader) -> Reader:
    """Values by filing of care outside the county."""
    return table(FILINGS, reader)


def flag(value: Any, path: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise SchemeError(
            path, f"{shown(value)} 应写成 true 或 false", f"{shown(value)} is not true or false"
        )
    return value
