"""Supervision's work queues: findings, cases by state, money to come in."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.queues import CAP, FIRST, Queue, Waiting, capped, register_queue
from enrollment.desk.tags import Label, Tone
from enrollment.values.money import format_yuan
from supervision.cases.clocks import Clocks
from supervision.cases.models import Case, CaseState
from supervision.cases.selectors import to_decide_by
from supervision.inspections.models import Finding
from supervision.penalties.selectors import fines_with_open, recoveries_with_open


def findings_to_deal_with(user: User) -> Queue:
    """Findings that are neither in a case nor recovered; two statements."""
    rows = visible_to(Finding.objects.filter(case=None, recovery=None), user)
    first = [
        Waiting(
            row.visit.institution.name,
            reverse("admin:supervision_finding_change", args=[row.pk]),
            row.description,
            row.visit.visited_on.isoformat(),
        )
        for row in rows.select_related("visit__institution").order_by("id")[:FIRST]
    ]
    return Queue(
        key="open_findings",
        title=_("Findings to deal with"),
        count=capped(rows) if first else 0,
        url=reverse("admin:supervision_finding_changelist") + "?track=open",
        hint=_("Each becomes a penalty case or a recovery under the agreement."),
        tone=Tone.AMBER,
        first=first,
    )


def cases_to_notify(user: User) -> Queue:
    """Filed cases."""
    return _cases(
        visible_to(Case.objects.filter(state=CaseState.FILED), user),
        CaseState.FILED,
        _("Cases to notify"),
        _("The party must be told before a decision."),
    )


def cases_to_decide(user: User) -> Queue:
    """Notified cases in whose notice or investigation the user had no hand."""
    return _cases(
        to_decide_by(visible_to(Case.objects.all(), user), user),
        CaseState.NOTIFIED,
        _("Cases to decide"),
        _("The party was notified by others; you decide."),
        query="turn=decide",
    )


def cases_to_close(user: User) -> Queue:
    """Executed cases."""
    return _cases(
        visible_to(Case.objects.filter(state=CaseState.EXECUTED), user),
        CaseState.EXECUTED,
        _("Cases to close"),
        _("Everything was received."),
        Tone.GREEN,
    )


def _cases(
    rows: QuerySet[Case],
    state: CaseState,
    title: Label,
    hint: Label,
    tone: Tone = Tone.AMBER,
    *,
    query: str = "",
) -> Queue:
    """Cases in one state, the oldest first; `query` opens exactly them. Two statements.

    While they wait for a decision each shows the term for it.
    """
    open_cases = list(rows.select_related("institution").order_by("opened_on", "id")[:CAP])
    clocks = Clocks()
    terms = [(case, clocks.of_decision(case)) for case in open_cases]
    first = [
        Waiting(
            case.number,
            reverse("admin:supervision_case_change", args=[case.pk]),
            _heard_until(case),
            clock.short if clock else case.opened_on.isoformat(),
            clock.tone if clock else Tone.NEUTRAL,
        )
        for case, clock in terms[:FIRST]
    ]
    return Queue(
        key=f"cases_{state}",
        title=title,
        count=len(open_cases),
        url=f"{reverse('admin:supervision_case_changelist')}?{query or f'state__exact={state}'}",
        hint=hint,
        tone=tone,
        first=first,
        overdue=sum(clock is not None and clock.left < 0 for _case, clock in terms),
    )


def _heard_until(case: Case) -> str:
    """The institution, and until when it may still be heard."""
    name = case.institution.name
    if case.state != CaseState.NOTIFIED or case.defence_until is None:
        return name
    return gettext("%(institution)s, heard until %(day)s") % {
        "institution": name,
        "day": case.defence_until,
    }


def recoveries_outstanding(user: User) -> Queue:
    """Recoveries on which money is to come in."""
    return _outstanding(
        visible_to(recoveries_with_open(), user),
        "recovery",
        "recoveries_outstanding",
        _("Recoveries outstanding"),
        _("To the fund's fiscal special account."),
    )


def fines_outstanding(user: User) -> Queue:
    """Fines on which money is to come in; those past their term are overdue."""
    return _outstanding(
        visible_to(fines_with_open(), user),
        "fine",
        "fines_outstanding",
        _("Fines outstanding"),
        _("To the state treasury. The term counts from the delivery of the decision."),
        has_term=True,
    )


def _outstanding(
    rows_with_open: QuerySet[Any],
    model: str,
    key: str,
    title: Label,
    hint: Label,
    *,
    has_term: bool = False,
) -> Queue:
    """One ledger's open orders, the oldest first; at most two statements."""
    rows = rows_with_open.filter(open_amount__gt=0).select_related("institution")
    orders = list(rows.order_by("decided_on", "id")[:CAP])
    clocks = Clocks() if has_term else None
    terms = [(row, clocks.of_payment(row.decided_on) if clocks else None) for row in orders]
    first = [
        Waiting(
            row.number,
            reverse(f"admin:supervision_{model}_change", args=[row.pk]),
            row.institution.name,
            clock.short if clock else format_yuan(row.open_amount),
            clock.tone if clock else Tone.NEUTRAL,
        )
        for row, clock in terms[:FIRST]
    ]
    return Queue(
        key=key,
        title=title,
        count=len(orders),
        url=reverse(f"admin:supervision_{model}_changelist") + "?money=open",
        hint=hint,
        first=first,
        overdue=sum(clock is not None and clock.left < 0 for _row, clock in terms),
    )


def register() -> None:
    """Tell the desk; called once by `supervision.screens`."""
    register_queue("supervision.open_case", findings_to_deal_with, order=310)
    register_queue("supervision.notify_case", cases_to_notify, order=320)
    register_queue("supervision.decide_penalty", cases_to_decide, order=330)
    register_queue("supervision.record_receipt", recoveries_outstanding, order=340)
    register_queue("supervision.record_receipt", fines_outstanding, order=350)
    register_queue("supervision.open_case", cases_to_close, order=360)
