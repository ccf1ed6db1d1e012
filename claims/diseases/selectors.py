"""The catalogue and the windows of a day."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.diseases.models import DiseaseTerm, ReviewCalendar, SpecialDisease
from claims.diseases.windows import Opening, Stage, WindowRule, opening
from enrollment.calendar.selectors import work_calendar
from enrollment.values.workdays import WorkCalendar


def diseases_on(day: date) -> QuerySet[SpecialDisease]:
    """The diseases of the catalogue in force on the day."""
    begun = SpecialDisease.objects.filter(starts_on__lte=day)
    return begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def term_on(disease: SpecialDisease, day: date) -> DiseaseTerm | None:
    """Validity and papers in force on the day; None before the first row. One statement."""
    return disease.terms.filter(starts_on__lte=day).order_by("-starts_on").first()


def review_calendar_on(day: date) -> ReviewCalendar | None:
    """The review calendar in force on the day; None before the first one. One statement."""
    return ReviewCalendar.objects.filter(starts_on__lte=day).order_by("-starts_on").first()


def window_rules() -> list[WindowRule]:
    """The windows of every review calendar; one statement."""
    return [
        WindowRule(
            row.starts_on,
            tuple(row.months),
            {
                Stage.FIRST_REVIEW: (row.first_review_from, row.first_review_to),
                Stage.PANEL: (row.panel_from, row.panel_to),
                Stage.RECHECK: (row.recheck_from, row.recheck_to),
            },
        )
        for row in ReviewCalendar.objects.all()
    ]


class Windows:
    """The windows of any stage and day; reads calendar and rules once: two statements."""

    def __init__(self, calendar: WorkCalendar | None = None) -> None:
        self._calendar = calendar or work_calendar()
        self._rules = window_rules()

    def at(self, stage: Stage, day: date) -> Opening | None:
        """The window open on the day, else the next one; None where no calendar is entered."""
        return opening(self._rules, stage, day, self._calendar)

    def why_closed(self, stage: Stage, day: date) -> str:
        """Why the stage's step cannot be taken on the day, and when it can; empty when it can."""
        found = self.at(stage, day)
        if found is None:
            return _("No review calendar is entered: enter one in the settings.")
        if found.is_open:
            return ""
        return _(
            "%(stage)s is done in its window of the quarter only. Today is %(day)s; the next "
            "window runs from %(first)s to %(last)s."
        ) % {
            "stage": stage_label(stage),
            "day": day.isoformat(),
            "first": found.window.starts_on.isoformat(),
            "last": (found.window.ends_on or found.window.starts_on).isoformat(),
        }


def stage_label(stage: Stage) -> str:
    """The stage in the office's words."""
    return {
        Stage.FIRST_REVIEW: _("The first review"),
        Stage.PANEL: _("The panel's review"),
        Stage.RECHECK: _("The recheck"),
    }[stage]
