"""The demonstration's static data, as they stand in `config/demo/county/data`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class StaffMember:
    """One demonstration account."""

    username: str
    name: str
    role: str
    certificate: str = ""


@dataclass(frozen=True)
class County:
    """Bureau, staff and the townships with their share of the people."""

    bureau: Mapping[str, Any]
    staff: tuple[StaffMember, ...]
    spare_names: tuple[str, ...]
    townships: Mapping[str, int]


@dataclass(frozen=True)
class InstitutionRow:
    """One institution; `agreement` is `current`, `expired` or `none`."""

    code: str
    name: str
    kind: str
    level: str
    division: str
    parent: str
    agreement: str


@dataclass(frozen=True)
class Diagnosis:
    """What people come with: for whom, in which months, how long, at what cost.

    `days` is the usual length of stay (0 for outpatients), `median` the usual cost in yuan
    at county level, `months` may run over New Year (`10-4`), both ends inclusive; `again` says
    how likely the patient is to lie in hospital once more, in per cent of the likeliest; `detail`
    is the claim's.
    """

    kind: str
    code: str
    name: str
    sex: str
    age_from: int
    age_to: int
    months: str
    days: int
    median: int
    weight: int
    again: int
    detail: str = ""

    @property
    def all_year(self) -> bool:
        """Whether it has no season."""
        return self.months == "1-12"

    def fits(self, *, sex: str, age: int, month: int) -> bool:
        """Whether a person of that sex and age may come with it in that month."""
        first, last = (int(part) for part in self.months.split("-"))
        in_season = first <= month <= last if first <= last else month >= first or month <= last
        return in_season and self.age_from <= age <= self.age_to and self.sex in ("", sex)


@dataclass(frozen=True)
class Names:
    """Surnames with weights; given names by sex for births up to a year."""

    surnames: Mapping[str, int]
    given: tuple[tuple[int, Mapping[str, tuple[str, ...]]], ...]


@cache
def county() -> County:
    """`county.yaml`."""
    data = _yaml("county.yaml")
    return County(
        bureau=data["bureau"],
        staff=tuple(StaffMember(**row) for row in data["staff"]),
        spare_names=tuple(data["spare_names"]),
        townships=data["townships"],
    )


@cache
def institutions() -> tuple[InstitutionRow, ...]:
    """`institutions.csv`."""
    return tuple(InstitutionRow(**row) for row in _csv("institutions.csv"))


@cache
def chains() -> tuple[str, ...]:
    """`chains.yaml`: invented pharmacy chains."""
    return tuple(_yaml("chains.yaml"))


@cache
def diagnoses() -> tuple[Diagnosis, ...]:
    """`diagnoses.csv`."""
    numbers = ("age_from", "age_to", "days", "median", "weight", "again")
    return tuple(
        Diagnosis(**{**row, **{key: int(row[key]) for key in numbers}})
        for row in _csv("diagnoses.csv")
    )


@cache
def names() -> Names:
    """`names.yaml`."""
    data = _yaml("names.yaml")
    return Names(
        data["surnames"],
        tuple(
            (row["until"], {sex: tuple(row[sex]) for sex in ("male", "female")})
            for row in data["given"]
        ),
    )


@cache
def visits() -> tuple[Mapping[str, Any], ...]:
    """`visits.yaml`."""
    return tuple(_yaml("visits.yaml"))


def _yaml(name: str) -> Any:
    with (DATA / name).open(encoding="utf-8") as stream:
        return yaml.safe_load(stream)


def _csv(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
