"""Premium standards by file: one line for each year, as the financing circular gives it.

A line says the whole standard of its year: a tier that it leaves empty has no share. What
somebody has confirmed against the bureau's document is corrected on its own page, not by file.
"""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.coverage.models import PremiumStandard, PremiumSubsidy
from enrollment.handfiles.proposals import MAX_ROWS, Change, Proposal
from enrollment.roll import faults
from enrollment.sheets import Column, Reject, RowFault, open_sheet
from enrollment.values.money import ZERO, AmountError, format_yuan, parse_amount

YEAR = Column("year", "年度", required=True)
PERSONAL = Column("personal", "个人缴费", required=True)
TIERS = {
    PremiumSubsidy.Tier.CENTRAL.value: Column("central", "中央补助"),
    PremiumSubsidy.Tier.PROVINCE.value: Column("province", "省级补助"),
    PremiumSubsidy.Tier.PREFECTURE.value: Column("prefecture", "市州补助"),
    PremiumSubsidy.Tier.COUNTY.value: Column("county", "县级补助"),
    PremiumSubsidy.Tier.TOGETHER.value: Column("together", "各级补助合计"),
}
SOURCE = Column("source", "依据文件", required=True)
COLUMNS = (YEAR, PERSONAL, *TIERS.values(), SOURCE)
TOGETHER = PremiumSubsidy.Tier.TOGETHER.value
LARGEST = Decimal(100_000)
_YEAR = re.compile("20[0-9]{2}")


class Standard(NamedTuple):
    """What a line or the record says of a year.

    Amounts in yuan; a tier without a share is absent.
    """

    year: int
    personal: Decimal
    subsidies: dict[str, Decimal]
    source: str

    def cells(self) -> dict[str, str]:
        """By column title, as the page shows them."""
        shares = {
            column.title: format_yuan(self.subsidies[tier]) if tier in self.subsidies else ""
            for tier, column in TIERS.items()
        }
        return {PERSONAL.title: format_yuan(self.personal), **shares, SOURCE.title: self.source}


def work(path: Path, _actor: User, _at: datetime, dry_run: bool) -> Proposal:
    """Look at a file of premium standards, and enter it unless `dry_run`.

    What is entered stays to be confirmed. Raises SheetRefused for what is no spreadsheet.
    """
    sheet = open_sheet(path, COLUMNS)
    found: list[Reject] = []
    lines: dict[int, int] = {}
    changes: list[tuple[Change, Standard]] = []
    unchanged = 0
    with transaction.atomic():
        stored = _stored()
        for row in sheet.rows():
            if row.fault is not None:
                found.append(row.fault)
                continue
            try:
                wanted = read_row(row.cells)
                first = lines.setdefault(wanted.year, row.line)
                if first != row.line:
                    raise _twice(first)
                change = _compare(wanted, stored.get(wanted.year))
            except RowFault as fault:
                found.append(fault.at(row.line))
                if len(found) >= MAX_ROWS:
                    break
                continue
            if change is None:
                unchanged += 1
            else:
                changes.append((change, wanted))
        if not dry_run and not found:
            for _change, wanted in changes:
                _enter(wanted)
    return Proposal([change for change, _wanted in changes], unchanged, found, sheet.warnings)


def read_row(cells: tuple[str, ...]) -> Standard:
    """A line's standard; raises RowFault."""
    for column, text in zip(COLUMNS, cells, strict=True):
        if column.required and not text:
            raise faults.empty(column)
    year, personal, *shares, source = cells
    if not _YEAR.fullmatch(year):
        raise faults.unreadable(YEAR, _("Write the year with four digits, such as 2026."))
    if len(source) > 200:
        raise faults.too_long(SOURCE, 200)
    subsidies = {
        tier: _amount(column, text)
        for (tier, column), text in zip(TIERS.items(), shares, strict=True)
        if text
    }
    if TOGETHER in subsidies and len(subsidies) > 1:
        raise RowFault(
            TIERS[TOGETHER].title,
            _("The sum of all tiers stands beside the share of one."),
            _("Give either each tier's share or, where the split is not published, the sum."),
        )
    return Standard(int(year), _amount(PERSONAL, personal), subsidies, source)


def _amount(column: Column, text: str) -> Decimal:
    try:
        amount = parse_amount(text)
    except AmountError as error:
        raise faults.unreadable(
            column, _("Give yuan with at most two decimals, such as 400 or 400.00.")
        ) from error
    if not ZERO <= amount <= LARGEST:
        raise faults.unreadable(
            column, _("A premium is between 0 and 100,000 yuan: check the amount.")
        )
    return amount


def _stored() -> dict[int, PremiumStandard]:
    """By year, locked, so that what is compared is what is changed; two statements."""
    standards = PremiumStandard.objects.select_for_update().order_by("year")
    return {one.year: one for one in standards.prefetch_related("subsidies")}


def _compare(wanted: Standard, stored: PremiumStandard | None) -> Change | None:
    """What would change, or None; raises RowFault for a confirmed standard."""
    after = wanted.cells()
    if stored is None:
        return Change(str(wanted.year), {}, {key: text for key, text in after.items() if text})
    subsidies = {one.tier: one.amount for one in stored.subsidies.all()}
    before = Standard(stored.year, stored.personal, subsidies, stored.source).cells()
    differing = [key for key in after if before[key] != after[key]]
    if not differing:
        return None
    if stored.confirmed:
        raise RowFault(
            differing[0],
            _("The standard of %(year)d is confirmed with other figures.") % {"year": wanted.year},
            _("Correct it on its page, or strike the row."),
        )
    return Change(
        str(wanted.year),
        {key: before[key] for key in differing},
        {key: after[key] for key in differing},
    )


def _enter(wanted: Standard) -> None:
    standard, _created = PremiumStandard.objects.update_or_create(
        year=wanted.year, defaults={"personal": wanted.personal, "source": wanted.source}
    )
    standard.subsidies.exclude(tier__in=wanted.subsidies).delete()
    for tier, amount in wanted.subsidies.items():
        standard.subsidies.update_or_create(tier=tier, defaults={"amount": amount})


def _twice(first: int) -> RowFault:
    return RowFault(
        YEAR.title,
        _("This year already stands in row %(line)d.") % {"line": first},
        _("Keep one of the two rows."),
    )
