"""From a row of an upload to a line for the staging table.

Everything that can be decided without the resident is decided here: words, days, amounts,
and whether the institution was designated on the day.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache

from claims.benefit.scheme import Scheme
from claims.benefit.types import MATERNITY, PRIOR_LAYERS
from claims.intake.rules import MOTHERS_AGES, STAYS
from claims.policies.language import reader_language
from claims.policies.selectors import NoPolicyApproved, current_scheme
from claims.uploads import columns, faults
from enrollment.institutions.selectors import DesignationBook
from enrollment.models import Institution
from enrollment.privacy.crypto import digester
from enrollment.sheets import Column, Row, RowFault, parse_day
from enrollment.values.ages import age_on
from enrollment.values.identifiers import IdError
from enrollment.values.money import ZERO, AmountError, parse_amount
from enrollment.values.resident_ids import read_resident_id
from enrollment.values.written import invoice_number

_NULL = r"\N"
_NOTHING = "0\t0\t0\t0"  # paid before by layers outside the scheme
_LARGEST = Decimal("99999999.99")
STAGED = (
    "line",
    "visit_no",
    "institution_id",
    "id_digest",
    "kind",
    "admitted_on",
    "discharged_on",
    "diagnosis",
    "total",
    "excluded",
    "over_limit",
    "first_self_pay",
    "invoice_no",
    "detail",
    *(f"already_{layer}" for layer in PRIOR_LAYERS),
)


# Days; psychiatric wards settle at least once a year, so more is a slip of the year.
_LONGEST_STAY = 731


class UploadReader:
    """Reads the rows of one upload; keeps which visits and invoices the file has had."""

    def __init__(self, today: date) -> None:
        """Four statements: scheme, institutions, agreements, suspensions."""
        self._today = today
        self._scheme = _scheme()
        self._institutions = dict(Institution.objects.values_list("code", "id"))
        self._designations = DesignationBook(list(self._institutions.values()))
        self._visits: dict[tuple[int, str], int] = {}
        self._invoices: dict[tuple[int, str], int] = {}
        self._digest = digester("id")
        self._checked_day = lru_cache(65536)(self._check_designation)

    def staged(self, row: Row) -> str:
        """One line of COPY text; raises RowFault."""
        visit, code, id_text, kind, admitted, discharged, diagnosis = row.cells[:7]
        invoice, *more = row.cells[11:]
        if not visit:
            raise faults.empty(columns.VISIT)
        if len(visit) > 40:
            raise faults.too_long(columns.VISIT, 40)
        institution = self._institutions.get(code)
        if institution is None:
            raise faults.unknown_institution(code)
        try:
            number, born, _male = read_resident_id(id_text)
        except IdError as error:
            raise faults.bad_id(error.fault) from error
        try:
            kind = columns.KINDS[kind]
        except KeyError as error:
            raise faults.unknown_word(columns.KIND, kind, columns.KIND_WORDS) from error
        if self._scheme is not None and kind not in self._scheme.kinds:
            raise faults.without_benefit(self._scheme.name.in_(reader_language()))
        detail = _detail(kind, more[:3])
        if not discharged:
            raise faults.empty(columns.DISCHARGED)
        last = _day(columns.DISCHARGED, discharged)
        if last > self._today:
            raise faults.in_future()
        first = self._admission(kind, admitted, last, born)
        self._checked_day(institution, last)
        if len(diagnosis) > 100:
            raise faults.too_long(columns.DIAGNOSIS, 100)
        money = _amounts(tuple(row.cells[7:11]))
        before = self._already(row.cells[7:11], tuple(more[3:]))
        invoice = invoice_number(invoice)
        if len(invoice) > 40:
            raise faults.too_long(columns.INVOICE, 40)
        self._first_of(self._visits, columns.VISIT, institution, visit, row.line)
        if invoice:
            self._first_of(self._invoices, columns.INVOICE, institution, invoice, row.line)
        return (
            f"{row.line}\t{_escaped(visit)}\t{institution}\t\\\\x{self._digest(number).hex()}\t"
            f"{kind}\t{first}\t{last.isoformat()}\t{_escaped(diagnosis)}\t{money}\t"
            f"{_escaped(invoice)}\t{detail}\t{before}\n"
        )

    def _admission(self, kind: str, text: str, last: date, born: str) -> str:
        """The day of admission of a stay, not before the birth (ISO); visits have none."""
        if kind not in STAYS:
            return _NULL
        if not text:
            raise faults.admission_missing()
        first = _day(columns.ADMITTED, text)
        if first > last:
            raise faults.admitted_after_discharge()
        if (last - first).days > _LONGEST_STAY:
            raise faults.stay_too_long(_LONGEST_STAY)
        if first.isoformat() < born:
            raise faults.admitted_before_birth()
        if kind == MATERNITY:
            _check_mother(age_on(date.fromisoformat(born), last))
        return first.isoformat()

    def _already(self, costs: Sequence[str], texts: Sequence[str]) -> str:
        """What others have paid before, as COPY text; raises RowFault."""
        if not any(texts):
            return _NOTHING
        paid = dict(zip(columns.ALREADY, texts, strict=True))
        amounts = {column: _amount(column, text) for column, text in paid.items()}
        for layer, (column, amount) in zip(PRIOR_LAYERS, amounts.items(), strict=True):
            if amount and self._scheme is not None and layer not in self._scheme.outside:
                raise faults.already_calculated(column, self._scheme.name.in_(reader_language()))
        total, *rest = (parse_amount(text) if text else ZERO for text in costs)
        if sum(amounts.values(), ZERO) > total:
            raise faults.already_too_much(next(one for one in amounts if amounts[one]))
        if amounts[columns.ALREADY_BASIC] > total - sum(rest, ZERO):
            raise faults.already_too_much(columns.ALREADY_BASIC)
        return "\t".join(str(amount) for amount in amounts.values())

    def _check_designation(self, institution: int, day: date) -> None:
        found = self._designations.on(institution, day)
        if not found.is_designated:
            raise faults.not_designated(day.isoformat())
        if found.suspension is not None:
            raise faults.suspended(day.isoformat(), found.suspension.document)

    @staticmethod
    def _first_of(
        seen: dict[tuple[int, str], int], column: Column, institution: int, text: str, line: int
    ) -> None:
        earlier = seen.setdefault((institution, text), line)
        if earlier != line:
            raise faults.twice(column, earlier)


def _check_mother(age: int) -> None:
    """Raise RowFault at an age at which nobody gives birth."""
    youngest, oldest = MOTHERS_AGES
    if not youngest <= age <= oldest:
        raise faults.mother_of_impossible_age(age)


def _scheme() -> Scheme | None:
    """The scheme in force; None before one is approved."""
    with suppress(NoPolicyApproved):
        return current_scheme()
    return None


def _detail(kind: str, texts: Sequence[str]) -> str:
    """The word of the claim's kind; raises RowFault where it is missing or of another kind."""
    own = columns.DETAIL_OF.get(kind)
    found = ""
    for (column, words), text in zip(columns.DETAILS.items(), texts, strict=True):
        if not text:
            continue
        if text not in words:
            raise faults.unknown_word(column, text, columns.DETAIL_WORDS[column])
        if column != own and words[text]:
            raise faults.of_another_kind(column)
        found = words[text] or found
    if own is not None and own is not columns.CHRONIC and not found:
        raise faults.empty(own)
    return found


@lru_cache(maxsize=65536)
def _amounts(texts: tuple[str, str, str, str]) -> str:
    """The four amounts as COPY text; raises RowFault."""
    fields = (columns.TOTAL, columns.EXCLUDED, columns.OVER_LIMIT, columns.FIRST_SELF_PAY)
    total, *rest = (_amount(column, text) for column, text in zip(fields, texts, strict=True))
    if total == ZERO:
        raise faults.no_total()
    if sum(rest, ZERO) > total:
        raise faults.in_policy_negative()
    return "\t".join(str(amount) for amount in (total, *rest))


def _amount(column: Column, text: str) -> Decimal:
    if not text:
        if column.required:
            raise faults.empty(column)
        return ZERO
    try:
        amount = parse_amount(text)
    except AmountError as error:
        raise faults.amount(column) from error
    if not ZERO <= amount <= _LARGEST:
        raise faults.amount(column)
    return amount


def _day(column: Column, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise faults.unreadable(column, faults.day_remedy()) from error


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\") if "\\" in text else text


__all__ = ["STAGED", "RowFault", "UploadReader"]
