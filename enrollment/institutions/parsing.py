"""From a row of the institutions file to checked values; no database."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from enrollment.institutions import columns
from enrollment.sheets import Column, Row, RowFault, parse_day
from enrollment.values.identifiers import normalise_account

_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
_MAX_NAME = 120
_MAX_ADDRESS = 200


@dataclass(frozen=True)
class InstitutionRow:
    """One row, checked as far as it can be by itself; None or "" = the file says nothing."""

    line: int
    code: str
    name: str
    credit_code: str
    kind: str
    level: str
    division: str
    parent: str
    agreement: tuple[date, date] | None
    account_no: str
    account_name: str
    address: str


def parse_row(row: Row) -> InstitutionRow:
    """Check one row; raises RowFault."""
    (code, name, credit, kind, level, division, parent, *rest) = row.cells
    first, last, account, holder, address = rest
    if not _CODE.fullmatch(code):
        raise RowFault(
            columns.CODE.title,
            _("An institution's code has up to 20 letters and digits."),
            _("Use the national code, such as H43312700001."),
        )
    if not name or len(name) > _MAX_NAME:
        raise RowFault(
            columns.NAME.title,
            _("A name has 1 to %(limit)d characters.") % {"limit": _MAX_NAME},
            _("Give the registered name."),
        )
    if credit and not uscc.is_valid(credit.upper()):
        raise RowFault(
            columns.CREDIT_CODE.title,
            _("The check character of the unified social credit code does not fit."),
            _("Compare it with the business licence, or leave the cell empty."),
        )
    if len(holder) > _MAX_NAME:
        raise RowFault(
            columns.ACCOUNT_NAME.title,
            _("A name has 1 to %(limit)d characters.") % {"limit": _MAX_NAME},
            _("Shorten it."),
        )
    if len(address) > _MAX_ADDRESS:
        raise RowFault(
            columns.ADDRESS.title,
            _("An address has at most %(limit)d characters.") % {"limit": _MAX_ADDRESS},
            _("Shorten it."),
        )
    number = normalise_account(account)
    if account and not number:
        raise RowFault(
            columns.ACCOUNT_NO.title,
            _("The cell cannot be read."),
            _("Give the 8 to 32 digits as text (a number cell loses digits), or leave it empty."),
        )
    return InstitutionRow(
        line=row.line,
        code=code.upper(),
        name=name,
        credit_code=credit.upper(),
        kind=_word(columns.KIND, kind, columns.KINDS),
        level=_word(columns.LEVEL, level, columns.LEVELS) if level else "",
        division=division,
        parent=parent.upper(),
        agreement=_agreement(first, last),
        account_no=number,
        account_name=holder,
        address=address,
    )


# Agreements of this scheme began after 2000; later years are a slip or another calendar.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _word(column: Column, text: str, known: dict[str, str]) -> str:
    if not text:
        raise RowFault(column.title, _("The cell is empty."), _("Fill it in."))
    found = known.get(text) or known.get(text.lower())
    if not found:
        raise RowFault(
            column.title,
            _("“%(text)s” is not known here.") % {"text": text[:40]},
            _("Use one of: %(words)s.")
            % {"words": "、".join(word for word in known if not word.isascii())},
        )
    return found


def _agreement(first: str, last: str) -> tuple[date, date] | None:
    if not first and not last:
        return None
    days = []
    for column, text in ((columns.AGREEMENT_FROM, first), (columns.AGREEMENT_TO, last)):
        try:
            days.append(parse_day(text))
        except ValueError as error:
            raise RowFault(
                column.title,
                _("An agreement needs its first and its last day."),
                _("Write the date like 2026-09-01."),
            ) from error
        if not _FIRST_YEAR <= days[-1].year <= _LAST_YEAR:
            raise RowFault(
                column.title,
                _("The year is not between %(first)d and %(last)d.")
                % {"first": _FIRST_YEAR, "last": _LAST_YEAR},
                _("Write the date like 2026-09-01."),
            )
    if days[1] < days[0]:
        raise RowFault(
            columns.AGREEMENT_TO.title,
            _("The agreement ends before it starts."),
            _("Correct one of the two dates."),
        )
    return days[0], days[1]
