"""From a row of the roll to the values that the database takes.

Everything that can be decided without the database is decided here. Words, dates, amounts
and divisions repeat by the thousand, so each different text is read once; personal data
leaves this room only as digests and sealed values.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from enrollment.divisions.selectors import AmbiguousName, DivisionBook, UnknownDivision
from enrollment.privacy.crypto import BulkSealer, digester
from enrollment.roll import columns, faults
from enrollment.sheets import Column, Row, RowFault, parse_day
from enrollment.values.identifiers import IdError, IdFault, normalise_account
from enrollment.values.initials import initials_of
from enrollment.values.money import ZERO, AmountError, parse_amount
from enrollment.values.resident_ids import read_resident_id

_NULL = r"\N"
_MAX_NAME = 60
_MAX_HOUSEHOLD = 32
_MAX_PREMIUM = Decimal(100000)
_EARLIEST_PAYMENT = 2

# The staging table's columns in the order of the COPY lines that the reader makes.
STAGED = (
    "line",
    "id_digest",
    "last4_digest",
    "id_number",
    "name",
    "initials",
    "sex",
    "born_on",
    "division",
    "household_no",
    "category",
    "phone",
    "phone_digest",
    "account_no",
    "account_name",
    "account_digest",
    "paid",
    "paid_on",
)


class RollReader:
    """Reads the rows of one year's roll; keeps who has been seen in this file."""

    def __init__(self, year: int, divisions: DivisionBook) -> None:
        """Take the benefit year and the county's divisions."""
        self.year = year
        self._last_day = f"{year}-12-31"
        self._divisions = divisions
        self._seen: dict[int, int] = {}
        self._id_digest = digester("id")
        self._phone_digest = digester("roll phone")
        self._account_digest = digester("roll account")
        self._seal = BulkSealer()
        last4 = digester("last4")
        self._last4: Callable[[str], str] = lru_cache(16384)(lambda text: _bytea(last4(text)))
        self._division = lru_cache(4096)(self._read_division)
        self._paid = lru_cache(4096)(_read_paid)
        self._paid_on = lru_cache(4096)(self._read_paid_on)

    def staged(self, row: Row) -> str:
        """One line of COPY text for the staging table; raises RowFault."""
        (
            id_text,
            name,
            sex,
            born_on,
            division,
            household_no,
            category,
            phone,
            account_no,
            account_name,
            paid,
            paid_on,
        ) = row.cells
        if not id_text:
            raise faults.empty(columns.ID_NUMBER)
        try:
            number, born_iso, is_male = read_resident_id(id_text)
        except IdError as error:
            raise faults.bad_id(error.fault) from error
        if born_iso > self._last_day:
            raise faults.bad_id(IdFault.BIRTH_DATE)
        key = int(number[:17])
        if key in self._seen:
            raise faults.twice(self._seen[key])
        _check_name(name)
        if sex and _read_sex(sex) is not is_male:
            raise faults.contradicts_id(columns.SEX)
        if born_on and born_on != born_iso and _day(columns.BORN_ON, born_on) != _iso(born_iso):
            raise faults.contradicts_id(columns.BORN_ON)
        if len(household_no) > _MAX_HOUSEHOLD:
            raise faults.too_long(columns.HOUSEHOLD, _MAX_HOUSEHOLD)
        phone_parts = r"\\x" + "\t" + r"\\x"
        if phone:
            phone = _read_phone(phone)
            phone_parts = f"{self._sealed(phone)}\t{_bytea(self._phone_digest(phone)[:16])}"
        account_parts = r"\\x" + "\t\t" + r"\\x"
        if account_no:
            account_no = _read_account(account_no)
            holder = account_name or name
            if len(holder) > _MAX_NAME:
                raise faults.too_long(columns.ACCOUNT_NAME, _MAX_NAME)
            mark = _bytea(self._account_digest(f"{account_no} {holder}")[:16])
            account_parts = f"{self._sealed(account_no)}\t{_escaped(holder)}\t{mark}"
        staged = (
            f"{row.line}\t{_bytea(self._id_digest(number))}\t{self._last4(number[14:])}\t"
            f"{self._sealed(number)}\t{_escaped(name)}\t{initials_of(name)}\t"
            f"{'male' if is_male else 'female'}\t{born_iso}\t{self._division(division)}\t"
            f"{_escaped(household_no)}\t{_read_category(category)}\t{phone_parts}\t{account_parts}\t"
            f"{self._paid(paid)}\t{self._paid_on(paid_on)}\n"
        )
        self._seen[key] = row.line
        return staged

    def _sealed(self, text: str) -> str:
        return _bytea(self._seal(text))

    def _read_division(self, text: str) -> str:
        if not text:
            raise faults.empty(columns.DIVISION)
        try:
            return self._divisions.find(text)
        except UnknownDivision as error:
            raise RowFault(
                columns.DIVISION.title,
                _("“%(text)s” is no township or village of this county.") % {"text": text[:40]},
                _("Use the code or the name of the national list of divisions."),
            ) from error
        except AmbiguousName as error:
            raise RowFault(
                columns.DIVISION.title,
                _("Several villages are called “%(text)s”.") % {"text": text[:40]},
                _("Write the township before the village, or the code."),
            ) from error

    def _read_paid_on(self, text: str) -> str:
        if not text:
            return _NULL
        day = _day(columns.PAID_ON, text)
        if not self.year - _EARLIEST_PAYMENT <= day.year <= self.year:
            raise faults.unreadable(
                columns.PAID_ON,
                _("Premiums of %(year)d are paid in that year or shortly before it.")
                % {"year": self.year},
            )
        return day.isoformat()


def _bytea(value: bytes) -> str:
    return rf"\\x{value.hex()}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\") if "\\" in text else text


def _iso(text: str) -> date:
    return date.fromisoformat(text)


def _day(column: Column, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise faults.unreadable(column, _("Write the date like 2026-09-01.")) from error


def _check_name(name: str) -> None:
    if not name:
        raise faults.empty(columns.NAME)
    if len(name) > _MAX_NAME:
        raise faults.too_long(columns.NAME, _MAX_NAME)
    if not (name[0].isalpha() or any(map(str.isalpha, name))):
        raise faults.no_name(columns.NAME)


def _read_sex(text: str) -> bool:
    try:
        return columns.MALE[text.lower()]
    except KeyError as error:
        raise faults.unknown_word(columns.SEX, text, "男、女") from error


def _read_category(text: str) -> str:
    if not text:
        return "ordinary"
    try:
        return columns.CATEGORIES[text]
    except KeyError as error:
        allowed = "、".join(word for word in columns.CATEGORIES if not word.isascii())
        raise faults.unknown_word(columns.CATEGORY, text, allowed) from error


def _read_phone(text: str) -> str:
    number = text.replace(" ", "").replace("-", "")
    if not (number.isascii() and number.removeprefix("+").isdigit() and 7 <= len(number) <= 16):
        raise faults.unreadable(
            columns.PHONE, _("Give digits only, as text, or leave the cell empty.")
        )
    return number


def _read_account(text: str) -> str:
    number = normalise_account(text)
    if not number:
        raise faults.unreadable(
            columns.ACCOUNT_NO,
            _("Give the 8 to 32 digits as text (a number cell loses digits), or leave it empty."),
        )
    return number


def _read_paid(text: str) -> str:
    if not text:
        return _NULL
    try:
        amount = parse_amount(text)
    except AmountError as error:
        raise faults.unreadable(
            columns.PAID, _("Give yuan with at most two decimals, such as 400 or 400.00.")
        ) from error
    if not ZERO <= amount <= _MAX_PREMIUM:
        raise faults.unreadable(
            columns.PAID, _("A premium is between 0 and 100,000 yuan: check the amount.")
        )
    return str(amount)
