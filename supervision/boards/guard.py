"""Open cases, findings and money outstanding; the two ledgers stand apart, never summed."""

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.boards.registry import Board, Figure, register_board
from enrollment.desk.tags import Tone
from enrollment.values.money import ZERO
from supervision.cases.models import Case, CaseState
from supervision.inspections.models import Finding
from supervision.penalties.selectors import fines_with_open, recoveries_with_open

OPEN = (CaseState.FILED, CaseState.NOTIFIED, CaseState.DECIDED, CaseState.EXECUTED)


def guard(user: User) -> Board | None:
    """Cases by state, open findings, recoveries and fines outstanding; four statements.

    None for supervisors: their queues say it.
    """
    if user.has_perm("supervision.open_case"):
        return None
    cases = dict(
        Case.objects.filter(state__in=[state.value for state in OPEN])
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    case_list = reverse("admin:supervision_case_changelist")
    figures = [
        Figure(state.label, cases.get(state, 0), f"{case_list}?state__exact={state.value}")
        for state in OPEN
    ]
    findings = Finding.objects.filter(case=None, recovery=None).count()
    figures.append(
        Figure(
            _("Findings not yet dealt with"),
            findings,
            reverse("admin:supervision_finding_changelist") + "?track=open",
            tone=Tone.AMBER if findings else Tone.NEUTRAL,
        )
    )
    for label, rows, model, hint in (
        (
            _("Recoveries outstanding"),
            recoveries_with_open(),
            "recovery",
            _("to the fund's fiscal special account"),
        ),
        (_("Fines outstanding"), fines_with_open(), "fine", _("to the state treasury")),
    ):
        left = rows.filter(~Q(open_amount=0)).order_by().aggregate(sum=Sum("open_amount"))["sum"]
        url = reverse(f"admin:supervision_{model}_changelist") + "?money=open"
        figures.append(Figure(label, left or ZERO, url, hint))
    return Board("guard", _("Supervision"), figures)


def register() -> None:
    """Tell the desk; called once by `supervision.screens`."""
    register_board(
        "guard",
        _("Supervision"),
        guard,
        permission="supervision.view_case",
        order=40,
        statements=4,
    )
