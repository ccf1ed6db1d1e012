"""Issued papers by their number or check code, for those who may read the register."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.printing.codes import LENGTH, read_code
from enrollment.printing.documents import kind_of
from enrollment.printing.models import IssuedPaper
from enrollment.search.finders import FETCHED, Hit, register_finder


def papers(term: str, user: User) -> list[Hit]:
    """Papers of that number or check code; a scanned QR code holds both, with a blank between."""
    asked = Q(number=term)
    codes = {read_code(term), read_code(term.rpartition(" ")[2])}
    if printed := [code for code in codes if len(code) == LENGTH]:
        asked |= Q(code__in=printed)
    found = visible_to(IssuedPaper.objects.filter(asked).defer("html"), user)
    ordered = found.order_by("kind", "language", "version")
    return [
        Hit(
            paper.number,
            reverse("admin:enrollment_issuedpaper_change", args=[paper.pk]),
            (
                kind_of(paper.kind).label,
                _("version %(version)s") % {"version": paper.version},
                str(get_language_info(paper.language)["name_translated"]),
                timezone.localdate(paper.issued_at).isoformat(),
            ),
        )
        for paper in ordered[:FETCHED]
    ]


def register() -> None:
    """Tell the box; called once by `enrollment.search.screens`.

    Most papers carry the number of their record: whoever types it wants the record.
    """
    register_finder(
        "papers",
        gettext_lazy("Issued papers"),
        papers,
        permission="enrollment.view_issuedpaper",
        order=100,
        yields=True,
        whole_county=True,
    )
