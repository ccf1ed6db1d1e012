"""The drawn bills as lines of COPY text, in one file per month: the year is never in memory.

Each line begins with the moment of entry, so that a month's lines sort in the order in which
they came in; the claim's number is given when it is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TextIO

from claims.intake.deadlines import decision_due
from config.demo.year.illness import Bill
from config.demo.year.months import Month, working_day
from enrollment.calendar.selectors import work_calendar

COLUMNS = (
    "entered_at, number, source, state, person_id, institution_id, kind, detail, filing,"
    " admitted_on, discharged_on, diagnosis, invoice_no, visit_no, total, excluded, over_limit,"
    " first_self_pay, entered_by_id, due_on, approved_on, held_reason"
)
_REPORTED = (2, 5)  # days of the next month on which institutions send their bills
_LATEST = 5  # days before the settlement at which the window takes the last of the month
_BROUGHT_AFTER = (3, 40)  # days after the discharge
_VISIT = {
    "inpatient": "ZY",
    "maternity": "SY",
    "special_outpatient": "MT",
    "general_outpatient": "MZ",
    "two_diseases": "LB",
}


class Spool:
    """Writes bills to the month in which they were discharged."""

    def __init__(
        self,
        folder: Path,
        months: Sequence[Month],
        *,
        persons: Sequence[int],
        institutions: Mapping[str, int],
        clerks: Sequence[int],
        uploader: int,
        rng: Random,
    ) -> None:
        """Primary keys: residents by their place, institutions by code, who enters."""
        self._folder = folder
        self._months = {(month.first.year, month.first.month): month for month in months}
        self._persons = persons
        self._institutions = institutions
        self._clerks = clerks
        self._uploader = uploader
        self._rng = rng
        calendar = work_calendar()
        self._due = lru_cache(maxsize=None)(lambda day: decision_due(day, calendar))
        self._count = 0

    def write(self, bills: Iterable[Bill]) -> None:
        """Append the bills; call it as often as there are kinds."""
        files: dict[Month, TextIO] = {}
        try:
            for bill in bills:
                discharged = date.fromordinal(bill.discharged)
                month = self._months[discharged.year, discharged.month]
                if month not in files:
                    files[month] = self._path(month).open("a", encoding="utf-8")
                files[month].write(self._line(bill, discharged, month))
        finally:
            for file in files.values():
                file.close()

    def lines(self, month: Month) -> list[str]:
        """The month's lines in the order of entry."""
        path = self._path(month)
        if not path.exists():
            return []
        with path.open(encoding="utf-8") as file:
            return sorted(file, key=_entered)

    def _path(self, month: Month) -> Path:
        return self._folder / f"{month.first:%Y-%m}.copy"

    def _line(self, bill: Bill, discharged: date, month: Month) -> str:
        rng, treatment = self._rng, bill.treatment
        self._count += 1
        paper = treatment.source == "window"
        entered = self._brought(discharged, month) if paper else self._reported(month)
        minute = 8 * 60 + rng.randrange(570)
        approved = working_day(entered + timedelta(1))
        due = (self._due(entered) if paper else None) or r"\N"
        clerk = rng.choice(self._clerks) if paper else self._uploader
        admitted = date.fromordinal(bill.admitted).isoformat() if bill.admitted else r"\N"
        visit = "" if paper else f"{_VISIT[bill.kind]}{discharged:%y%m%d}{self._count:06d}"
        invoice = f"{self._count * 7_654_321 % 10**8:08d}"  # as if from many rolls, none twice
        total, excluded, over_limit, first_self_pay = treatment.costs
        return (
            f"{entered} {minute // 60:02d}:{minute % 60:02d}+08\t%s\t{treatment.source}\tapproved\t"
            f"{self._persons[bill.nth]}\t{self._institutions[treatment.institution]}\t{bill.kind}\t"
            f"{bill.diagnosis.detail}\t{treatment.filing}\t{admitted}\t{discharged}\t"
            f"{bill.diagnosis.code} {bill.diagnosis.name}\t{invoice}\t{visit}\t{total}e-2\t"
            f"{excluded}e-2\t{over_limit}e-2\t{first_self_pay}e-2\t{clerk}\t{due}\t{approved}\t\n"
        )

    def _reported(self, month: Month) -> date:
        return working_day(month.last + timedelta(self._rng.randint(*_REPORTED)))

    def _brought(self, discharged: date, month: Month) -> date:
        latest = month.closes_on - timedelta(_LATEST)
        day = discharged + timedelta(self._rng.randint(*_BROUGHT_AFTER))
        return working_day(min(day, latest))


def _entered(line: str) -> str:
    """The moment of entry; lines of the same minute stay in the order in which they were drawn."""
    return line[: line.index("\t")]
