"""Cases, recoveries and fines by their document numbers (`医保案〔2026〕1号`)."""

import re
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.tags import Label, Tone
from enrollment.search.finders import FETCHED, FinderFunction, Hit, register_finder
from enrollment.values.money import format_yuan
from supervision.cases.models import Case
from supervision.dossier.cases import CASE_TONES
from supervision.penalties.models import Fine, Recovery

# Keyboards have no 〔〕: people type what comes near.
_WRITTEN = re.compile(r"^(\D+?)[〔\[［(（【]?(\d{4})[〕\]］)）】\-]?(\d+)号?$")


def document_number(term: str) -> str:
    """A document number with its proper brackets; any other text as it is.

    >>> document_number("医保案[2026]12"), document_number("x")
    ('医保案〔2026〕12号', 'x')
    """
    match = _WRITTEN.match(term.replace(" ", ""))
    return f"{match[1]}〔{match[2]}〕{match[3]}号" if match else term


def cases(term: str, user: User) -> list[Hit]:
    """A case by its number."""
    numbered = visible_to(Case.objects.filter(number=document_number(term)), user)
    found = numbered.select_related("institution")
    return [
        Hit(
            case.number,
            reverse("admin:supervision_case_change", args=[case.pk]),
            (case.institution.name, case.opened_on.isoformat()),
            case.get_state_display(),
            CASE_TONES[case.state],
        )
        for case in found[:FETCHED]
    ]


def _orders(rows: QuerySet[Any], model: str) -> FinderFunction:
    """Recoveries or fines by their document's number."""

    def find(term: str, user: User) -> list[Hit]:
        numbered = visible_to(rows.filter(number=document_number(term)), user)
        found = numbered.select_related("institution")
        return [
            Hit(
                row.number,
                reverse(f"admin:supervision_{model}_change", args=[row.pk]),
                (row.institution.name, row.decided_on.isoformat(), format_yuan(row.amount)),
                tone=Tone.BLUE,
            )
            for row in found[:FETCHED]
        ]

    return find


def register() -> None:
    """Tell the box; called once by `supervision.screens`."""
    recoveries, fines = Recovery.objects.all(), Fine.objects.all()
    finders: tuple[tuple[int, str, Label, FinderFunction, str], ...] = (
        (70, "cases", _("Cases"), cases, "view_case"),
        (80, "recoveries", _("Recoveries"), _orders(recoveries, "recovery"), "view_recovery"),
        (90, "fines", _("Fines"), _orders(fines, "fine"), "view_fine"),
    )
    for order, key, title, find, permission in finders:
        register_finder(key, title, find, permission=f"supervision.{permission}", order=order)
