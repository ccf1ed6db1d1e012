"""The ground that claims stand on: bureau, institutions, both years' rolls."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from stdnum import luhn
from stdnum.cn import uscc

from claims.benefit.loading import SHIPPED, load_schemes_with_data
from claims.policies.services import approve_proposal, propose_scheme
from config.demo.county.people import Resident
from config.demo.county.sources import InstitutionRow, county
from enrollment.divisions.services import load_divisions
from enrollment.institutions.imports import import_institutions
from enrollment.models import Bureau, Division, PremiumStandard, User
from enrollment.roll.services import import_roll

DIVISIONS = Path(__file__).parents[3] / "enrollment" / "divisions" / "data" / "433127.csv"

_SEXES = {"male": "男", "female": "女"}
# What a category pays of the personal premium; the rest is medical aid's.
_FREE = ("extremely_poor", "five_guarantee")
_ROLL = (
    "id_number name sex born_on division household_no category phone account_no account_name"
    " paid paid_on"
)
_INSTITUTIONS = (
    "code name credit_code kind level division parent agreement_from agreement_to"
    " account_no account_name address"
)
_NAMED_ON_PAPERS = ("address", "phone", "government", "court", "fine_account", "fund_account")


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
            **{name: facts[name] for name in _NAMED_ON_PAPERS},
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


def enter_institutions(institutions: Sequence[InstitutionRow], on: date) -> None:
    """All institutions, most with an agreement of both benefit years and an account.

    One agreement ended a quarter ago; one institution outside the county never had one.
    """
    first = date(on.year - 1, 1, 1)
    places = dict(Division.objects.values_list("code", "name"))
    last = {"current": date(on.year, 12, 31), "expired": on - timedelta(90)}
    rows = [
        (
            row.code,
            row.name,
            _credit_code(nth) if row.agreement in last else "",
            row.kind,
            row.level,
            row.division,
            row.parent,
            first.isoformat() if row.agreement in last else "",
            last[row.agreement].isoformat() if row.agreement in last else "",
            _account(nth) if row.agreement in last else "",
            row.name if row.agreement in last else "",
            f"{places[row.division]}演示路{nth}号" if row.division in places else "",
        )
        for nth, row in enumerate(institutions, start=1)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "institutions.csv"
        _write(path, _INSTITUTIONS, rows)
        _none_rejected(import_institutions(path).rejected, path)


def write_rolls(residents: Iterable[Resident], folder: Path, *, on: date) -> dict[int, Path]:
    """The roll of the year before and of this year, as the bureau's files, by year.

    The residents are taken one by one, so that a whole county is never in memory.
    """
    paths = {year: folder / f"roll-{year}.csv" for year in (on.year - 1, on.year)}
    premiums = {year: _premium(year) for year in paths}
    with ExitStack() as files:
        writers = {}
        for year, path in paths.items():
            stream = files.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[year] = csv.writer(stream)
            writers[year].writerow(_ROLL.split())
        for nth, resident in enumerate(residents):
            for year in resident.years:
                writers[year].writerow(_roll_row(nth, resident, year, premiums[year]))
    return paths


def import_rolls(paths: Mapping[int, Path], *, at: datetime) -> None:
    """Import the files, the earlier year first."""
    for year, path in paths.items():
        _none_rejected(import_roll(path, year, at=at).rejected, path)


def _roll_row(nth: int, resident: Resident, year: int, premium: Decimal) -> Sequence[str]:
    category = resident.category
    paid = Decimal("0.00") if category in _FREE else premium / 2 if category else premium
    paid_on = date(year - 1, 9, 1) + timedelta(nth * 37 % 115)
    if resident.born_on > paid_on:  # a newborn's premium is paid after the birth
        paid_on = min(resident.born_on + timedelta(7), date(year, 12, 31))
    return (
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


def _credit_code(nth: int) -> str:
    """An invented code with its check character; it is nobody's."""
    body = f"12433127{nth:09d}"
    return body + uscc.calc_check_digit(body)


def _account(nth: int) -> str:
    """An institution's account; like the residents' cards, of a number that nobody issues."""
    body = f"620000800{nth:09d}"
    return body + luhn.calc_check_digit(body)


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
