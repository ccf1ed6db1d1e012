"""What may follow what in an application's life: the one table.

    (file)→ FILED ─pass_first→ CHECKED ─agree→ AGREED ─issue→ ISSUED (certificate)
             │ ▲                  │               │
          return supply         decline         refuse
             ▼ │                  ▼               ▼
           RETURNED             REFUSED         REFUSED

`withdraw` leads out of FILED, RETURNED and CHECKED. The four steps of an application that is
granted are four people's: nobody takes one after having taken an earlier one.
"""

from django.utils.translation import gettext_lazy as _

from claims.diseases.windows import Stage
from claims.specialcare.models import ApplicationState
from enrollment.transitions.table import Step, TransitionTable

_S = ApplicationState
_WINDOW = ("file", "file_incomplete", "supply")

APPLICATION_TRANSITIONS = TransitionTable(
    Step("supply", (_S.RETURNED,), _S.FILED, "claims.file_special", _("Papers came in")),
    Step(
        "pass_first",
        (_S.FILED,),
        _S.CHECKED,
        "claims.review_special",
        _("Pass the first review"),
        not_by=_WINDOW,
    ),
    Step(
        "return",
        (_S.FILED,),
        _S.RETURNED,
        "claims.review_special",
        _("Return for papers"),
        needs_note=True,
    ),
    Step(
        "agree",
        (_S.CHECKED,),
        _S.AGREED,
        "claims.judge_special",
        _("Record the panel's votes"),
        not_by=(*_WINDOW, "pass_first"),
    ),
    Step(
        "decline",
        (_S.CHECKED,),
        _S.REFUSED,
        "claims.judge_special",
        _("Record the panel's votes"),
        not_by=(*_WINDOW, "pass_first"),
        needs_reason=True,
    ),
    Step(
        "issue",
        (_S.AGREED,),
        _S.ISSUED,
        "claims.recheck_special",
        _("Issue the certificate"),
        not_by=(*_WINDOW, "pass_first", "agree"),
    ),
    Step(
        "refuse",
        (_S.AGREED,),
        _S.REFUSED,
        "claims.recheck_special",
        _("Refuse the application"),
        not_by=(*_WINDOW, "pass_first", "agree"),
        needs_note=True,
        needs_reason=True,
    ),
    Step(
        "withdraw",
        (_S.FILED, _S.RETURNED, _S.CHECKED),
        _S.WITHDRAWN,
        "claims.file_special",
        _("Withdraw the application"),
        needs_note=True,
    ),
)

# Which window a step keeps to; the others are taken on any day.
STAGE_OF: dict[str, Stage] = {
    "pass_first": Stage.FIRST_REVIEW,
    "return": Stage.FIRST_REVIEW,
    "agree": Stage.PANEL,
    "decline": Stage.PANEL,
    "issue": Stage.RECHECK,
    "refuse": Stage.RECHECK,
}
