"""Which papers a claim needs, and which nobody may ask for."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from claims.papers.models import PaperKind
from enrollment.models import Person
from enrollment.values.ages import age_on

# 民法典 §17: full age is eighteen.
FULL_AGE = 18
BY_LAW = (PaperKind.INVOICE, PaperKind.COST_LIST, PaperKind.DIAGNOSIS, PaperKind.RECORDS)


def is_minor(born_on: date, on: date) -> bool:
    """Whether the eighteenth birthday lies after that day.

    >>> is_minor(date(2008, 9, 2), date(2026, 9, 1))
    True
    >>> is_minor(date(2008, 9, 1), date(2026, 9, 1))
    False
    """
    return age_on(born_on, on) < FULL_AGE


def needed_papers(person: Person, on: date) -> tuple[PaperKind, ...]:
    """What this resident is asked for on that day, in the order of the list.

    An account that is on record is not asked for again; guardian's papers only of a minor.
    """
    needed = [*BY_LAW, PaperKind.IDENTITY]
    if not person.account_no:
        needed.append(PaperKind.ACCOUNT)
    if is_minor(person.born_on, on):
        needed.append(PaperKind.GUARDIAN)
    return tuple(needed)


_STAY, _VISIT = (
    gettext_lazy("the discharge record"),
    gettext_lazy("the outpatient record or prescription"),
)
# What the medical records are, by kind of care.
_RECORDS = {
    "inpatient": _STAY,
    "special_outpatient general_outpatient": _VISIT,
    "two_diseases": gettext_lazy("the prescription that names the medicines"),
    "maternity": gettext_lazy("the discharge record that tells how the child was born"),
}


def hints_of(kind: str) -> list[tuple[str, str]]:
    """What a paper is for the kinds of care, those separated by spaces; empty where it is plain."""
    found = _RECORDS if kind == PaperKind.RECORDS else {}
    return [(kinds, str(text)) for kinds, text in found.items()]


def not_to_be_asked() -> list[tuple[str, str]]:
    """What may not be asked for, each with the reason, as the window shows it."""
    regulation = _("Regulation on Social Insurance Handling §31: no certificate without a law.")
    return [
        (_("certificates of village, employer or police"), regulation),
        (_("copies, notarisations, stamps on copies"), regulation),
        (
            _("what is on record: enrolment, identity, household, account"),
            _("Regulation on Social Insurance Handling §31: the bureau looks it up itself."),
        ),
        (
            _("for a birth: birth permit, marriage certificate, the child's birth certificate"),
            regulation,
        ),
        (_("for the two diseases: a certificate of a special outpatient disease"), regulation),
        (
            _("any other paper than those listed"),
            _("Regulation on Social Insurance Handling §20: four papers, no more."),
        ),
    ]


def names_of(kinds: Collection[str] | Iterable[str]) -> str:
    """The papers' names in the order of the list, as one text."""
    wanted = set(kinds)
    separator = pgettext("between listed words", ", ")
    return separator.join(str(kind.label) for kind in PaperKind if kind.value in wanted)
