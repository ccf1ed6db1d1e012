"""The ground that claims stand on: bureau, institutions, both years' rolls."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from claims.benefit.loading import SHIPPED, load_schemes_with_data
from claims.policies.services import approve_proposal, propose_scheme
from config.demo.county.people import Resident
from config.demo.county.sources import county, institutions
from enrollment.divisions.services import load_divisions
from enrollment.institutions.imports import import_institutions
from enrollment.models import Bureau, PremiumStandard, User
from enrollment.roll.services import import_roll

DIVISIONS = Path(__file__).parents[3] / "enrollment" / "divisions" / "data" / "433127.csv"

_SEXES = {"male": "男", "female": "女"}
# What a category pays of the personal premium; the rest is medical aid's.
_FREE = ("extremely_poor", "five_guarantee")
_ROLL = (
    "id_number name sex born_on division household_no category phone account_no account_name"
    " paid paid_on"
)
_INSTITUTIONS = "code name kind level division parent agreement_from agreement_to"


class RowsRejected(Exception):
    """An importer refused rows of the demonstration: its data or the importer is wrong."""


def set_up_bureau() -> Bureau:
    """Divisions and the bureau's settings; marks the database as demonstration."""
    load_divisions(DIVISIONS, county().bureau["division"][:6])
    facts = county().bureau
    bureau, _created = Bureau.objects.update_or_create(
        pk=1,
        defaults={
            "name": facts["name"],
            "division_id": facts["division"],
            "scheme": facts["scheme"],
            "clerk_check_is_first_review": facts["clerk_check_is_first_review"],
            "is_demonstration": True,
        },
    )
    return bureau


def enter_policies(proposer: User, approver: User, *, at: datetime) -> None:
    """The schemes that the portal ships, proposed by one officer and approved by another."""
    for scheme, data in load_schemes_with_data(SHIPPED):
        made = propose_scheme(data, title=scheme.name.zh, actor=proposer, at=at).proposal
        if made is not None:
            approve_proposal(made, actor=approver, at=at)


def enter_institutions(on: date) -> None:
    """All institutions, most with an agreement of both benefit years.

    One agreement ended a quarter ago; one institution outside the county never had one.
    """
    first = date(on.year - 1, 1, 1)
    last = {"current": date(on.year, 12, 31), "expired": on - timedelta(90)}
    rows = [
        (
            row.code,
            row.name,
            row.kind,
            row.level,
            row.division,
            row.parent,
            first.isoformat() if row.agreement in last else "",
            last[row.agreement].isoformat() if row.agreement in last else "",
        )
        for row in institutions()
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "institutions.csv"
        _write(path, _INSTITUTIONS, rows)
        _none_rejected(import_institutions(path).rejected, path)


def enter_rolls(residents: Sequence[Resident], *, on: date, at: datetime) -> None:
    """The roll of the year before and of this year, as the bureau's files."""
    for year in (on.year - 1, on.year):
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"roll-{year}.csv"
            _write(path, _ROLL, _roll_rows(residents, year))
            _none_rejected(import_roll(path, year, at=at).rejected, path)


def _roll_rows(residents: Iterable[Resident], year: int) -> Iterable[Sequence[str]]:
    premium = _premium(year)
    for nth, resident in enumerate(residents):
        if year not in resident.years:
            continue
        category = resident.category
        paid = Decimal("0.00") if category in _FREE else premium / 2 if category else premium
        paid_on = date(year - 1, 9, 1) + timedelta(nth * 37 % 115)
        if resident.born_on > paid_on:  # a newborn's premium is paid after the birth
            paid_on = min(resident.born_on + timedelta(7), date(year, 12, 31))
        yield (
            resident.id_number,
            resident.name,
            _SEXES[resident.sex],
            resident.born_on.isoformat(),
            resident.division,
            resident.household_no,
            category or "普通",
            resident.phone,
            resident.account_no,
            resident.account_name,
            f"{paid:.2f}",
            paid_on.isoformat(),
        )


def _premium(year: int) -> Decimal:
    """The personal premium of the year, or of the latest year that is known."""
    known = dict(PremiumStandard.objects.values_list("year", "personal"))
    return known.get(year, known[max(known)])


def _write(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split())
        writer.writerows(rows)


def _none_rejected(rejected: int, path: Path) -> None:
    if rejected:
        raise RowsRejected(f"{rejected} rows of {path.name} were rejected")
