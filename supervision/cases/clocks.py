"""The statutory clocks of a case: the term for its decision, and for paying its fine.

Both are calendar days (处罚法 §85 makes working days only of terms of two to seven days).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enrollment.desk.admin import NOTHING
from enrollment.desk.tags import Tone, status_tag
from enrollment.parameters.models import LegalParameter
from enrollment.parameters.selectors import Code
from supervision.cases.models import Case, CaseState

NEAR = 10  # days in which a term is marked as pressing
UNDECIDED = (CaseState.FILED, CaseState.NOTIFIED)


@dataclass(frozen=True)
class Clock:
    """A term and how today stands to it: calendar days left, below zero when it is over."""

    ends_on: date
    left: int

    @property
    def tone(self) -> Tone:
        """Red when over, amber in the last days."""
        if self.left < 0:
            return Tone.RED
        return Tone.AMBER if self.left <= NEAR else Tone.NEUTRAL

    @property
    def text(self) -> str:
        """`2026-11-05, 3 days left`."""
        return _("%(day)s, %(left)s") % {"day": self.ends_on.isoformat(), "left": self.short}

    @property
    def short(self) -> str:
        """`3 days left`, for cards."""
        days = abs(self.left)
        if self.left < 0:
            words = ngettext("%(days)d day overdue", "%(days)d days overdue", days)
        else:
            words = ngettext("%(days)d day left", "%(days)d days left", days)
        return words % {"days": days}


class Clocks:
    """The terms that the law set, read once for any number of cases; one statement."""

    def __init__(self) -> None:
        """Read them."""
        rows = LegalParameter.objects.in_force().filter(code__in=[Code.CASE_TERM, Code.FINE_TERM])
        self._terms: Sequence[tuple[str, date, int]] = [
            (row.code, row.starts_on, int(row.value)) for row in rows.order_by("starts_on")
        ]
        self._today = timezone.localdate()

    def of_decision(self, case: Case) -> Clock | None:
        """The last day to decide a filed case (处罚法 §60); None once it is decided or ended.

        Hearings, appraisals and publications stop the term by law; the clock does not know them.
        """
        return self._clock(Code.CASE_TERM, case.opened_on) if case.state in UNDECIDED else None

    def of_payment(self, decided_on: date) -> Clock | None:
        """The last day to pay a fine (处罚法 §67), as if the decision was delivered on its day."""
        return self._clock(Code.FINE_TERM, decided_on)

    def _clock(self, code: Code, first: date) -> Clock | None:
        terms = [days for known, starts, days in self._terms if known == code and starts <= first]
        if not terms:
            return None
        ends_on = first + timedelta(days=terms[-1])
        return Clock(ends_on, (ends_on - self._today).days)


def clock_tag(clock: Clock | None) -> str:
    """A term, coloured when it presses."""
    if clock is None:
        return NOTHING
    return clock.text if clock.tone is Tone.NEUTRAL else status_tag(clock.text, clock.tone)
