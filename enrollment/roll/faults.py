"""Why a row of the roll is rejected, and what to do about it."""

from django.utils.translation import gettext as _

from enrollment.roll import columns
from enrollment.sheets import Column, RowFault
from enrollment.values.identifiers import IdFault


def bad_id(fault: IdFault) -> RowFault:
    """An identity number that cannot be right."""
    reasons = {
        IdFault.LENGTH: _("The identity number does not have 18 characters."),
        IdFault.LEGACY: _("The identity number is an old one of 15 digits."),
        IdFault.CHARACTERS: _("The identity number contains other characters than digits."),
        IdFault.FLOAT: _("The spreadsheet has rounded the identity number: digits are lost."),
        IdFault.BIRTH_DATE: _("The identity number contains no possible birth date."),
        IdFault.CHECK_DIGIT: _("The check digit of the identity number does not fit."),
    }
    remedies = {
        IdFault.LEGACY: _("Enter the present number of 18 characters."),
        IdFault.FLOAT: _("Format the column as text, then enter the number again."),
    }
    return RowFault(
        columns.ID_NUMBER.title,
        reasons[fault],
        remedies.get(fault, _("Compare it with the identity card and correct it.")),
    )


def empty(column: Column) -> RowFault:
    """A required cell without content."""
    return RowFault(column.title, _("The cell is empty."), _("Fill it in."))


def too_long(column: Column, limit: int) -> RowFault:
    """More characters than the record holds."""
    return RowFault(
        column.title, _("More than %(limit)d characters.") % {"limit": limit}, _("Shorten it.")
    )


def no_name(column: Column) -> RowFault:
    """Digits or signs where a name belongs."""
    return RowFault(
        column.title,
        _("The cell contains no name."),
        _("Enter the name as on the identity card."),
    )


def contradicts_id(column: Column) -> RowFault:
    """Sex or birth date that the identity number denies."""
    return RowFault(
        column.title,
        _("It contradicts the identity number."),
        _("Compare both with the identity card and correct the wrong one."),
    )


def unknown_word(column: Column, text: str, allowed: str) -> RowFault:
    """A word that is not one of the list."""
    return RowFault(
        column.title,
        _("“%(text)s” is not known here.") % {"text": text[:40]},
        _("Use one of: %(words)s.") % {"words": allowed},
    )


def unreadable(column: Column, remedy: str) -> RowFault:
    """A date, amount, phone or account that is none."""
    return RowFault(column.title, _("The cell cannot be read."), remedy)


def twice(first_line: int) -> RowFault:
    """The same number stands in an earlier row."""
    return RowFault(
        columns.ID_NUMBER.title,
        _("This number already stands in row %(line)d.") % {"line": first_line},
        _("Keep one of the two rows."),
    )


def enrolled_elsewhere(year: int, township: str) -> RowFault:
    """A second active enrolment of the year, in another township."""
    return RowFault(
        columns.DIVISION.title,
        _("Already enrolled for %(year)d in %(township)s.") % {"year": year, "township": township},
        _("Strike the row; if the resident has moved, first “%(act)s” on the resident's page.")
        % {"act": _("Change the township or village")},
    )
