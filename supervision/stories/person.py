"""Findings that concern a resident's care: at the institution, in the days of the act."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.tags import Label, Tone
from enrollment.models import Person
from enrollment.stories.sections import Event, Told
from supervision.articles.wording import code_and_title
from supervision.dossier.cases import CASE_TONES
from supervision.inspections.models import Finding

ROWS_SHOWN = 50


@dataclass(frozen=True)
class FindingLine:
    """A finding with its article in words, and what was made of it."""

    row: Finding
    item: str
    track: Label
    tone: Tone


def findings_around(person: Person, user: User) -> Told | None:
    """Findings at institutions that treated the resident in the days of the act.

    A finding names no resident: who was treated there then may be concerned, and the section
    says no more than that. One statement; None when there is nothing.
    """
    treated = Claim.objects.filter(
        person=person,
        institution=OuterRef("visit__institution"),
        discharged_on__gte=OuterRef("act_from"),
        discharged_on__lte=OuterRef("act_to"),
    )
    mine = Claim.objects.filter(person=person).order_by().values("institution")
    rows = (
        visible_to(Finding.objects.filter(Exists(treated), visit__institution__in=mine), user)
        .select_related("visit__institution", "case", "recovery")
        .order_by(F("visit__visited_on").desc(), "-id")[:ROWS_SHOWN]
    )
    lines = [line_of(row) for row in rows]
    return Told({"lines": lines}, len(lines), [event_of(row) for row in rows]) if lines else None


def line_of(row: Finding) -> FindingLine:
    """The finding in words; `case` and `recovery` must be loaded."""
    if row.case is not None:
        return FindingLine(
            row,
            code_and_title(row.article_code),
            row.case.get_state_display(),
            CASE_TONES[row.case.state],
        )
    if row.recovery is not None:
        return FindingLine(
            row, code_and_title(row.article_code), _("recovered under the agreement"), Tone.BLUE
        )
    return FindingLine(row, code_and_title(row.article_code), _("not yet dealt with"), Tone.AMBER)


def event_of(row: Finding) -> Event:
    """The finding as an event of its visit."""
    return Event(
        row.visit.visited_on,
        _("Finding"),
        row.description,
        reverse("admin:supervision_finding_change", args=[row.pk]),
        Tone.RED,
    )
