"""Why an uploaded row is rejected, and what to do about it."""

from django.utils.translation import gettext as _

from claims.intake.models import ClaimState
from claims.uploads import columns
from enrollment.roll.faults import bad_id, empty, too_long, unknown_word, unreadable
from enrollment.sheets import Column, RowFault

__all__ = ["bad_id", "empty", "too_long", "unknown_word", "unreadable"]


def _compare() -> str:
    return _("Compare it with the bill and correct it.")


def amount(column: Column) -> RowFault:
    """No amount of yuan, or one below 0."""
    return unreadable(column, _("Give yuan with at most two decimals, 0 or more."))


def no_total() -> RowFault:
    """Nothing to pay for."""
    return RowFault(columns.TOTAL.title, _("The total must be more than 0."), _compare())


def in_policy_negative() -> RowFault:
    """The deductions exceed the total."""
    return RowFault(
        columns.TOTAL.title,
        _("The parts outside the policy add up to more than the total."),
        _compare(),
    )


def without_benefit(scheme: str) -> RowFault:
    """A kind of care that the scheme in force does not know."""
    return RowFault(
        columns.KIND.title,
        _("The benefit scheme in force, %(scheme)s, pays nothing for this kind of care.")
        % {"scheme": scheme},
        _("Compare it with the bill; otherwise the costs belong to another insurance."),
    )


def of_another_kind(column: Column) -> RowFault:
    """A disease of a birth, a delivery of a visit."""
    return RowFault(
        column.title,
        _("It does not belong to this kind of care."),
        _("Leave it empty, or correct the kind of care."),
    )


def already_calculated(column: Column, scheme: str) -> RowFault:
    """A payment of a layer that the scheme works out itself."""
    return RowFault(
        column.title,
        _("The benefit scheme in force, %(scheme)s, calculates this layer itself.")
        % {"scheme": scheme},
        _("Leave it empty: the settlement works it out."),
    )


def already_too_much(column: Column) -> RowFault:
    """More was paid before than there was to pay."""
    return RowFault(column.title, _("More was paid before than the claim costs."), _compare())


def in_future() -> RowFault:
    """A discharge that has not come yet."""
    return RowFault(columns.DISCHARGED.title, _("The day lies in the future."), _compare())


def admission_missing() -> RowFault:
    """A stay without its first day."""
    return RowFault(
        columns.ADMITTED.title, _("A stay in hospital needs its day of admission."), _compare()
    )


def stay_too_long(limit: int) -> RowFault:
    """A year that was mistyped, or another calendar."""
    return RowFault(
        columns.ADMITTED.title,
        _("The stay is longer than %(limit)d days.") % {"limit": limit},
        _("Compare both dates with the discharge record."),
    )


def admitted_after_discharge() -> RowFault:
    """A stay that ends before it begins."""
    return RowFault(
        columns.ADMITTED.title, _("The admission lies after the discharge."), _compare()
    )


def admitted_before_birth() -> RowFault:
    """A stay that begins before the resident was born."""
    return RowFault(
        columns.ADMITTED.title,
        _("The admission lies before the birth in the identity number."),
        _("Compare number and date with the discharge record."),
    )


def mother_of_impossible_age(age: int) -> RowFault:
    """A birth under a child's number, or that of somebody old."""
    return RowFault(
        columns.ID_NUMBER.title,
        _(
            "By the identity number the resident is %(age)d years old: a birth is claimed for the "
            "mother."
        )
        % {"age": age},
        _("Correct the number, or the kind of care."),
    )


def unknown_institution(text: str) -> RowFault:
    """A code that no institution has."""
    return RowFault(
        columns.INSTITUTION.title,
        _("No institution has the code “%(text)s”.") % {"text": text[:40]},
        _("Use the code of the national list, or enter the institution first."),
    )


def not_designated(day: str) -> RowFault:
    """No agreement on the day."""
    return RowFault(
        columns.INSTITUTION.title,
        _("No agreement of the institution covers %(day)s.") % {"day": day},
        _("Check the date; without an agreement the costs are claimed at the window."),
    )


def suspended(day: str, document: str) -> RowFault:
    """A suspension on the day."""
    return RowFault(
        columns.INSTITUTION.title,
        _("The agreement is suspended on %(day)s (%(document)s).")
        % {"day": day, "document": document},
        _("Costs of suspended days are not paid (Order 2 §42): strike the row."),
    )


def twice(column: Column, first_line: int) -> RowFault:
    """The same visit or invoice in an earlier row."""
    return RowFault(
        column.title,
        _("It already stands in row %(line)d.") % {"line": first_line},
        _("Keep one of the two rows."),
    )


def unknown_person() -> RowFault:
    """Nobody with this number on the roll."""
    return RowFault(
        columns.ID_NUMBER.title,
        _("No resident with this number is on record."),
        _("Compare it with the identity card; otherwise the resident is enrolled elsewhere."),
    )


def not_enrolled(day: str) -> RowFault:
    """No coverage on the day of discharge."""
    return RowFault(
        columns.ID_NUMBER.title,
        _("The resident is not covered on %(day)s.") % {"day": day},
        _("Check the date; costs of uncovered days are not paid."),
    )


def mother_is_male() -> RowFault:
    """A birth under a man's number."""
    return RowFault(
        columns.ID_NUMBER.title,
        _("By the identity number the resident is a man: a birth is claimed for the mother."),
        _("Correct the number, or the kind of care."),
    )


def no_certificate(day: str, diagnosis: str) -> RowFault:
    """Special outpatient care without the certificate of its disease."""
    return RowFault(
        columns.DIAGNOSIS.title,
        _("No certificate of the resident for “%(diagnosis)s” holds on %(day)s.")
        % {"diagnosis": diagnosis or "—", "day": day},
        _("Compare diagnosis and date; without a certificate it is general outpatient care."),
    )


def uploaded_otherwise(number: str, state: str) -> RowFault:
    """The visit is known with other figures."""
    return RowFault(
        columns.VISIT.title,
        _("The visit was uploaded before with other facts: claim %(number)s, %(state)s.")
        % {"number": number, "state": ClaimState(state).label},
        _("Have that claim returned, then upload the corrected row again."),
    )


def invoice_claimed(number: str) -> RowFault:
    """Another claim has the invoice."""
    return RowFault(
        columns.INVOICE.title,
        _("The invoice has been claimed before: claim %(number)s.") % {"number": number},
        _("Strike the row, or correct the invoice number."),
    )


def overlapping(other: str) -> RowFault:
    """Another stay on the same days; `other` names its claim or row."""
    return RowFault(
        columns.ADMITTED.title,
        _("The stay overlaps another stay of this resident: %(other)s.") % {"other": other},
        _("Check the dates of both."),
    )


def row_named(line: int) -> str:
    """How a row of the same file is named."""
    return _("row %(line)d") % {"line": line}


def claim_named(number: str) -> str:
    """How an earlier claim is named."""
    return _("claim %(number)s") % {"number": number}


def day_remedy() -> str:
    """What to do about a date that cannot be read."""
    return _("Write the date like 2026-09-01.")
