"""The institutions of the full county: as many as the report counts, with invented names.

55 hospitals (48 public, 5 private, 2 outpatient departments), 89 pharmacies and 252 village
clinics, laid out over the townships by their people; hospitals outside the county on top. The
small county's institutions are among them.
"""

import csv
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from config.demo.county.ground import DIVISIONS
from config.demo.county.sources import InstitutionRow, chains, county, institutions

TOWNSHIP_HOSPITALS = 44  # with the county's four public hospitals: 48
PHARMACIES = 89
VILLAGE_CLINICS = 252

_DIGITS = "零一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
# Ten villages by the heavenly stems, then sixty by the sexagenary cycle.
_VILLAGES = [*_STEMS, *(f"{_STEMS[nth % 10]}{_BRANCHES[nth % 12]}" for nth in range(60))]
_OTHERS = (
    ("H43312700008", "长宁医院", "hospital", "county", "433127108000", "", "current"),
    ("H43312700009", "安和医院", "hospital", "county", "433127101000", "", "current"),
    (
        "H43312700032",
        "博爱医院城西门诊部",
        "outpatient_department",
        "county",
        "433127112000",
        "H43312700006",
        "current",
    ),
    ("H43310100002", "州第二医院", "hospital", "city", "433100000000", "", "current"),
    ("H43080000001", "邻市第一医院", "hospital", "city", "430800000000", "", "current"),
    ("H43010000002", "省第二医院", "hospital", "province", "430000000000", "", "current"),
    ("H43010000003", "省第三医院", "hospital", "province", "430000000000", "", "current"),
    ("H44010000009", "外省第九医院", "hospital", "province", "440100000000", "", "none"),
)


@cache
def full_institutions() -> tuple[InstitutionRow, ...]:
    """All of them; the same each time."""
    rows = [*institutions(), *(InstitutionRow(*row) for row in _OTHERS)]
    names = _township_names()
    rows += _township_hospitals(rows, names)
    rows += _village_clinics(rows, names)
    rows += _pharmacies(rows)
    return tuple(rows)


def apportion(seats: int, shares: Mapping[str, int], standing: Mapping[str, int]) -> dict[str, int]:
    """Seats by share, one after another to whom they are due most; `standing` are taken.

    >>> apportion(5, {"a": 3, "b": 1}, {"b": 1})
    {'a': 4, 'b': 1}
    """
    held = {key: standing.get(key, 0) for key in shares}
    while sum(held.values()) < seats:
        due = max(shares, key=lambda key: Fraction(shares[key], held[key] + 1))
        held[due] += 1
    return held


def _township_hospitals(
    rows: list[InstitutionRow], names: Mapping[str, str]
) -> Iterator[InstitutionRow]:
    """Each township has its first 卫生院 at least."""
    standing = _count(rows, "hospital", "township")
    at_least = {code: max(standing.get(code, 0), 1) for code in county().townships}
    wanted = apportion(TOWNSHIP_HOSPITALS, county().townships, at_least)
    number = 40
    for code, count in wanted.items():
        for nth in range(standing.get(code, 0) + 1, count + 1):
            number += 1
            name = f"{names[code]}第{_numeral(nth)}卫生院"
            yield InstitutionRow(
                f"H433127{number:05d}", name, "hospital", "township", code, "", "current"
            )


def _village_clinics(
    rows: list[InstitutionRow], names: Mapping[str, str]
) -> Iterator[InstitutionRow]:
    """Each belongs to the first 卫生院 of its township."""
    standing = _count(rows, "village_clinic", "township")
    above = {row.division: row.code for row in rows if row.name.endswith("第一卫生院")}
    number = 200
    for code, count in apportion(VILLAGE_CLINICS, county().townships, standing).items():
        for nth in range(standing.get(code, 0), count):
            number += 1
            yield InstitutionRow(
                f"H433127{number:05d}",
                f"{names[code]}{_VILLAGES[nth]}村卫生室",
                "village_clinic",
                "township",
                code,
                above[code],
                "current",
            )


def _pharmacies(rows: list[InstitutionRow]) -> Iterator[InstitutionRow]:
    """Shops of invented chains, in turn; the first of each chain is its head."""
    standing = _count(rows, "pharmacy")
    places = [
        code
        for code, count in apportion(PHARMACIES, county().townships, standing).items()
        for _nth in range(count - standing.get(code, 0))
    ]
    heads: dict[str, str] = {}
    for nth, code in enumerate(places):
        chain = chains()[nth % len(chains())]
        shop = nth // len(chains()) + 1
        number = f"P43312700{nth + 101:03d}"
        level = "county" if code == _SEAT else "township"
        yield InstitutionRow(
            number, f"{chain}{_numeral(shop)}店", "pharmacy", level, code,
            heads.get(chain, ""), "current",
        )  # fmt: skip
        heads.setdefault(chain, number)


_SEAT = "433127116000"  # 灵溪镇, where the county government is


def _count(rows: list[InstitutionRow], kind: str, level: str = "") -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        if row.kind == kind and level in ("", row.level):
            counts[row.division] = counts.get(row.division, 0) + 1
    return counts


def _numeral(number: int) -> str:
    """One to nineteen in Chinese."""
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _township_names() -> dict[str, str]:
    with DIVISIONS.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream)}
